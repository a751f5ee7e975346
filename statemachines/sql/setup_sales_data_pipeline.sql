-- The warehouse before the first load: three dimensions of the sales, the calendar, and the empty fact table.
-- Primary keys inform Redshift's planner; they are not enforced, and the fact table's key is not unique.

DROP TABLE IF EXISTS public.store_sales;
DROP TABLE IF EXISTS public.item;
DROP TABLE IF EXISTS public.date_dim;
DROP TABLE IF EXISTS public.customer_address;
DROP TABLE IF EXISTS public.customer;

CREATE TABLE public.customer (
  c_customer_sk     INTEGER  NOT NULL ENCODE az64,
  c_customer_id     CHAR(16) NOT NULL ENCODE zstd,
  c_current_addr_sk INTEGER           ENCODE az64,
  c_first_name      CHAR(20)          ENCODE zstd,
  c_last_name       CHAR(30)          ENCODE zstd,
  PRIMARY KEY (c_customer_sk)
) DISTKEY (c_customer_sk);

CREATE TABLE public.customer_address (
  ca_address_sk INTEGER  NOT NULL ENCODE az64,
  ca_address_id CHAR(16) NOT NULL ENCODE zstd,
  ca_state      CHAR(2)           ENCODE zstd,
  ca_zip        CHAR(10)          ENCODE zstd,
  ca_country    VARCHAR(20)       ENCODE zstd,
  PRIMARY KEY (ca_address_sk)
) DISTKEY (ca_address_sk);

CREATE TABLE public.date_dim (
  d_date_sk  INTEGER  NOT NULL ENCODE az64,
  d_date_id  CHAR(16) NOT NULL ENCODE zstd,
  d_date     DATE              ENCODE az64,
  d_day_name CHAR(9)           ENCODE zstd,
  PRIMARY KEY (d_date_sk)
) DISTSTYLE ALL;

CREATE TABLE public.item (
  i_item_sk        INTEGER  NOT NULL ENCODE az64,
  i_item_id        CHAR(16) NOT NULL ENCODE zstd,
  i_rec_start_date DATE              ENCODE az64,
  i_rec_end_date   DATE              ENCODE az64,
  i_current_price  NUMERIC(7, 2)     ENCODE az64,
  i_category       CHAR(50)          ENCODE zstd,
  i_product_name   CHAR(50)          ENCODE zstd,
  PRIMARY KEY (i_item_sk)
) DISTKEY (i_item_sk) SORTKEY (i_category);

CREATE TABLE public.store_sales (
  ss_sold_date_sk  INTEGER,
  ss_item_sk       INTEGER NOT NULL ENCODE az64,
  ss_customer_sk   INTEGER          ENCODE az64,
  ss_addr_sk       INTEGER          ENCODE az64,
  ss_store_sk      INTEGER          ENCODE az64,
  ss_ticket_number BIGINT  NOT NULL ENCODE az64,
  ss_quantity      INTEGER          ENCODE az64,
  ss_net_paid      NUMERIC(7, 2)    ENCODE az64,
  ss_net_profit    NUMERIC(7, 2)    ENCODE az64,
  PRIMARY KEY (ss_item_sk, ss_ticket_number)
) DISTKEY (ss_item_sk) SORTKEY (ss_sold_date_sk);

INSERT INTO public.customer (c_customer_sk, c_customer_id, c_current_addr_sk, c_first_name, c_last_name) VALUES
  (7550,    'AAAAAAAAOHNBAAAA', 9264662,  'Michelle', 'Deaton'),
  (37079,   'AAAAAAAAHNAJAAAA', 13971208, 'Michael',  'Simms'),
  (40626,   'AAAAAAAACLOJAAAA', 1959255,  'Susan',    'Ryder'),
  (2142876, 'AAAAAAAAMJCLACAA', 7644556,  'Justin',   'Brown');

INSERT INTO public.customer_address (ca_address_sk, ca_address_id, ca_state, ca_zip, ca_country) VALUES
  (13971208, 'AAAAAAAAIAPCFNAA', 'NE', '63451', 'United States'),
  (7644556,  'AAAAAAAAMIFKEHAA', 'SD', '58883', 'United States'),
  (9264662,  'AAAAAAAAGBOFNIAA', 'CA', '99310', 'United States');

INSERT INTO public.item
  (i_item_sk, i_item_id, i_rec_start_date, i_rec_end_date, i_current_price, i_category, i_product_name) VALUES
  (3417,  'AAAAAAAAIFNAAAAA', '2021-04-27', NULL, 14.29, 'Electronics', 'ationoughtesepri'),
  (9615,  'AAAAAAAAOIFCAAAA', '2021-04-27', NULL, 9.68,  'Home',        'antioughtcallyn st'),
  (3693,  'AAAAAAAAMGOAAAAA', '2021-06-26', NULL, 2.10,  'Men',         'prin stcallypri'),
  (3630,  'AAAAAAAAMCOAAAAA', '2021-03-14', NULL, 2.95,  'Electronics', 'barpricallypri'),
  (16506, 'AAAAAAAAIHAEAAAA', '2021-03-14', NULL, 3.85,  'Home',        'callybaranticallyought'),
  (7866,  'AAAAAAAAILOBAAAA', '2021-03-14', NULL, 12.60, 'Jewelry',     'callycallyeingation');

INSERT INTO public.date_dim (d_date_sk, d_date_id, d_date, d_day_name) VALUES
  (2450521, 'AAAAAAAAJFEGFCAA', '2020-03-12', 'Thursday'),
  (2450749, 'AAAAAAAANDFGFCAA', '2020-04-27', 'Monday'),
  (2451251, 'AAAAAAAADDHGFCAA', '2020-03-13', 'Saturday'),
  (2451252, 'AAAAAAAAEDHGFCAA', '2021-03-14', 'Sunday'),
  (2451981, 'AAAAAAAANAKGFCAA', '2021-03-12', 'Monday'),
  (2451982, 'AAAAAAAAOAKGFCAA', '2021-03-13', 'Tuesday'),
  (2452210, 'AAAAAAAACPKGFCAA', '2021-04-27', 'Saturday'),
  (2452641, 'AAAAAAAABKMGFCAA', '2021-06-25', 'Wednesday'),
  (2452642, 'AAAAAAAACKMGFCAA', '2021-06-26', 'Thursday');

ANALYZE public.customer;
ANALYZE public.customer_address;
ANALYZE public.item;
ANALYZE public.date_dim;
COMMIT;
