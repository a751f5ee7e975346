#ifndef CCURL_H
#define CCURL_H

// libcurl without a link to it. The header gives the declarations; the library itself is opened at the first call of `ccurl_load`,
// because the shared libraries behind it would cost every start of the program some 5 ms.
// curl's variadic functions, which Swift does not import, appear here once per argument type.

#include <curl/curl.h>
#include <stdint.h>

/// Opens libcurl, once for the process. Returns NULL when it can be used, else why not and what to install (a static text).
/// Must have returned NULL before any other function of this file is called.
const char *ccurl_load(void);

typedef size_t (*ccurl_data_callback)(char *data, size_t size, size_t count, void *context);

CURL *ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *easy);
CURLcode ccurl_setopt_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_setopt_offset(CURL *easy, CURLoption option, int64_t value);
CURLcode ccurl_setopt_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_setopt_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_setopt_list(CURL *easy, CURLoption option, struct curl_slist *value);
CURLcode ccurl_setopt_data_callback(CURL *easy, CURLoption option, ccurl_data_callback callback);
CURLcode ccurl_getinfo_long(CURL *easy, CURLINFO info, long *value);
CURLcode ccurl_getinfo_offset(CURL *easy, CURLINFO info, int64_t *value);
const char *ccurl_easy_strerror(CURLcode code);

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text);
void ccurl_slist_free(struct curl_slist *list);

CURLM *ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *multi);
CURLMcode ccurl_multi_setopt_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_perform(CURLM *multi, int *running);
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_in_milliseconds);
/// The only function that other threads may call on a multi handle in use.
CURLMcode ccurl_multi_wakeup(CURLM *multi);
/// The next transfer that has ended, with how it ended; NULL when there is none.
CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *code);

#endif
