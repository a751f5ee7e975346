-- Loads the sales of one day, {job_run_date}. Running it again for the same day leaves the same tables.

-- 1. customer_address, a slowly changing dimension of type 1: what changed is overwritten, what is new is added.
BEGIN TRANSACTION;

DROP TABLE IF EXISTS public.stg_customer_address;
CREATE TABLE public.stg_customer_address (
  ca_address_id VARCHAR(16) ENCODE zstd,
  ca_state      VARCHAR(2)  ENCODE zstd,
  ca_zip        VARCHAR(10) ENCODE zstd,
  ca_country    VARCHAR(20) ENCODE zstd
) BACKUP NO DISTSTYLE EVEN;

INSERT INTO public.stg_customer_address (ca_address_id, ca_state, ca_zip, ca_country) VALUES
  ('AAAAAAAACFBBAAAA', 'NE', '',      'United States'),
  ('AAAAAAAAGAEFAAAA', 'NE', '61749', 'United States'),
  ('AAAAAAAAPJKKAAAA', 'OK', '',      'United States'),
  ('AAAAAAAAMIHGAAAA', 'AL', '',      'United States');

UPDATE public.customer_address
   SET ca_state = stg.ca_state, ca_zip = stg.ca_zip, ca_country = stg.ca_country
  FROM public.stg_customer_address stg
 WHERE customer_address.ca_address_id = stg.ca_address_id;

-- Surrogate keys go on from the largest one.
INSERT INTO public.customer_address (ca_address_sk, ca_address_id, ca_state, ca_zip, ca_country)
WITH newest AS (SELECT MAX(ca_address_sk) AS ca_address_sk FROM public.customer_address)
SELECT newest.ca_address_sk + ROW_NUMBER() OVER (ORDER BY stg.ca_address_id), stg.ca_address_id, stg.ca_state, stg.ca_zip, stg.ca_country
  FROM public.stg_customer_address stg
 CROSS JOIN newest
 WHERE stg.ca_address_id NOT IN (SELECT ca_address_id FROM public.customer_address);

DROP TABLE public.stg_customer_address;
COMMIT;
END TRANSACTION;

-- 2. item, a slowly changing dimension of type 2: a new price ends the current record and begins another.
BEGIN TRANSACTION;

DROP TABLE IF EXISTS public.stg_item;
CREATE TABLE public.stg_item (
  i_item_id       VARCHAR(16)   ENCODE zstd,
  i_current_price NUMERIC(7, 2) ENCODE zstd,
  i_category      VARCHAR(50)   ENCODE zstd,
  i_product_name  VARCHAR(50)   ENCODE zstd
) BACKUP NO DISTSTYLE EVEN;

INSERT INTO public.stg_item (i_item_id, i_current_price, i_category, i_product_name) VALUES
  ('AAAAAAAAIFNAAAAA', 15.10, 'Electronics', 'ationoughtesepri'),
  ('AAAAAAAAOIFCAAAA', 9.96,  'Home',        'antioughtcallyn st'),
  ('AAAAAAAAMGOAAAAA', 2.25,  'Men',         'prin stcallypri'),
  ('AAAAAAAAIHAEAAAA', 3.85,  'Home',        'callybaranticallyought'),
  ('AAAAAAAAMCOAAAAA', 2.95,  'Electronics', 'barprically'),
  ('AAAAAAAAILOBAAAA', 12.60, 'Jewelry',     'callycallyeingation');

-- Same price: the other attributes are overwritten.
UPDATE public.item
   SET i_category = stg.i_category, i_product_name = stg.i_product_name
  FROM public.stg_item stg
 WHERE item.i_item_id = stg.i_item_id AND item.i_rec_end_date IS NULL AND item.i_current_price = stg.i_current_price;

-- Another price: a record from today on, then the end of the one before it.
INSERT INTO public.item (i_item_sk, i_item_id, i_rec_start_date, i_rec_end_date, i_current_price, i_category, i_product_name)
WITH newest AS (SELECT MAX(i_item_sk) AS i_item_sk FROM public.item)
SELECT newest.i_item_sk + ROW_NUMBER() OVER (ORDER BY stg.i_item_id), stg.i_item_id, TRUNC(SYSDATE), NULL, stg.i_current_price,
       stg.i_category, stg.i_product_name
  FROM public.stg_item stg
  JOIN public.item current_item ON current_item.i_item_id = stg.i_item_id AND current_item.i_rec_end_date IS NULL
 CROSS JOIN newest
 WHERE current_item.i_current_price <> stg.i_current_price;

UPDATE public.item
   SET i_rec_end_date = TRUNC(SYSDATE)
  FROM public.stg_item stg
 WHERE item.i_item_id = stg.i_item_id AND item.i_rec_end_date IS NULL AND item.i_current_price <> stg.i_current_price;

DROP TABLE public.stg_item;
COMMIT;
END TRANSACTION;

-- 3. store_sales, the fact table: business keys become the surrogate keys of the current dimension records.
BEGIN TRANSACTION;

DROP TABLE IF EXISTS public.stg_store_sales;
CREATE TABLE public.stg_store_sales (
  sold_date        DATE          ENCODE zstd,
  i_item_id        VARCHAR(16)   ENCODE zstd,
  c_customer_id    VARCHAR(16)   ENCODE zstd,
  ca_address_id    VARCHAR(16)   ENCODE zstd,
  ss_ticket_number INTEGER       ENCODE zstd,
  ss_quantity      INTEGER       ENCODE zstd,
  ss_net_paid      NUMERIC(7, 2) ENCODE zstd,
  ss_net_profit    NUMERIC(7, 2) ENCODE zstd
) BACKUP NO DISTSTYLE EVEN;

INSERT INTO public.stg_store_sales
  (sold_date, i_item_id, c_customer_id, ca_address_id, ss_ticket_number, ss_quantity, ss_net_paid, ss_net_profit) VALUES
  ('2021-06-26', 'AAAAAAAAIFNAAAAA', 'AAAAAAAAOHNBAAAA', 'AAAAAAAAGBOFNIAA', 1403191, 13, 5046.37, 150.97),
  ('2021-06-26', 'AAAAAAAAIFNAAAAA', 'AAAAAAAAOHNBAAAA', 'AAAAAAAAGBOFNIAA', 1403191, 13, 2103.72, -124.08),
  ('2021-06-26', 'AAAAAAAAILOBAAAA', 'AAAAAAAAOHNBAAAA', 'AAAAAAAAGBOFNIAA', 1403191, 13, 959.10,  -1304.70),
  ('2021-06-26', 'AAAAAAAAILOBAAAA', 'AAAAAAAAHNAJAAAA', 'AAAAAAAAIAPCFNAA', 1403191, 13, 962.65,  -475.80),
  ('2021-06-26', 'AAAAAAAAMCOAAAAA', 'AAAAAAAAHNAJAAAA', 'AAAAAAAAIAPCFNAA', 1201746, 17, 111.60,  -241.65),
  ('2021-06-26', 'AAAAAAAAMCOAAAAA', 'AAAAAAAAHNAJAAAA', 'AAAAAAAAIAPCFNAA', 1201746, 17, 4013.02, -1111.48),
  ('2021-06-26', 'AAAAAAAAMCOAAAAA', 'AAAAAAAAMJCLACAA', 'AAAAAAAAMIFKEHAA', 1201746, 17, 2689.12, -5572.28),
  ('2021-06-26', 'AAAAAAAAMGOAAAAA', 'AAAAAAAAMJCLACAA', 'AAAAAAAAMIFKEHAA', 193971,  18, 1876.89, -556.35);

-- Idempotent: what an earlier run loaded for the day goes first.
DELETE FROM public.store_sales WHERE ss_sold_date_sk IN (SELECT d_date_sk FROM public.date_dim WHERE d_date = '{job_run_date}');

INSERT INTO public.store_sales
  (ss_sold_date_sk, ss_item_sk, ss_customer_sk, ss_addr_sk, ss_ticket_number, ss_quantity, ss_net_paid, ss_net_profit)
SELECT date_dim.d_date_sk, item.i_item_sk, customer.c_customer_sk, customer_address.ca_address_sk, stg.ss_ticket_number, stg.ss_quantity,
       stg.ss_net_paid, stg.ss_net_profit
  FROM public.stg_store_sales stg
  JOIN public.date_dim ON date_dim.d_date = stg.sold_date
  LEFT JOIN public.item ON item.i_item_id = stg.i_item_id AND item.i_rec_end_date IS NULL
  LEFT JOIN public.customer ON customer.c_customer_id = stg.c_customer_id
  LEFT JOIN public.customer_address ON customer_address.ca_address_id = stg.ca_address_id
 WHERE stg.sold_date = '{job_run_date}';

DROP TABLE public.stg_store_sales;
COMMIT;
END TRANSACTION;

-- 4. Validation: a day without sales divides by zero, and so fails the batch.
SELECT 1 / COUNT(1) FROM public.store_sales WHERE ss_sold_date_sk IN (SELECT d_date_sk FROM public.date_dim WHERE d_date = '{job_run_date}');
