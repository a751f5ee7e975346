#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// Names in the order of trial: the loader's search path first, then where Homebrew and MacPorts put it.
static const char *const names[] = {
#if defined(__APPLE__)
  "libcurl.4.dylib",
  "/usr/lib/libcurl.4.dylib",
  "/opt/homebrew/opt/curl/lib/libcurl.4.dylib",
  "/usr/local/opt/curl/lib/libcurl.4.dylib",
  "/opt/local/lib/libcurl.4.dylib",
#else
  "libcurl.so.4",
  "libcurl-gnutls.so.4",
  "libcurl.so",
#endif
};

// The functions used, by their names without the prefix `curl_`.
static struct {
  CURLcode (*global_init)(long);
  CURL *(*easy_init)(void);
  void (*easy_cleanup)(CURL *);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
  const char *(*easy_strerror)(CURLcode);
  struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
  void (*slist_free_all)(struct curl_slist *);
  CURLM *(*multi_init)(void);
  CURLMcode (*multi_cleanup)(CURLM *);
  CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
  CURLMcode (*multi_add_handle)(CURLM *, CURL *);
  CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
  CURLMcode (*multi_perform)(CURLM *, int *);
  CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned int, int, int *);
  CURLMcode (*multi_wakeup)(CURLM *);
  CURLMsg *(*multi_info_read)(CURLM *, int *);
} curl;

static char failure[1024];
static const char *failure_text;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int find(void *library, const char *name, void **function) {
  *function = dlsym(library, name);
  if (*function) return 1;
  snprintf(failure, sizeof failure, "libcurl was opened but lacks %s: version 7.68 or later is needed", name);
  failure_text = failure;
  return 0;
}

static void load(void) {
  void *library = NULL;
  char first_error[512] = "";
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++) {
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library && i == 0) {
      const char *error = dlerror();
      snprintf(first_error, sizeof first_error, "%s", error ? error : "unknown error");
    }
  }
  if (!library) {
    snprintf(failure, sizeof failure,
      "HTTP needs libcurl, which could not be opened (%s): install it (Debian and Ubuntu: apt-get install libcurl4; "
      "Fedora: dnf install libcurl; Alpine: apk add libcurl; macOS: brew install curl)", first_error);
    failure_text = failure;
    return;
  }
#define FIND(name) if (!find(library, "curl_" #name, (void **)&curl.name)) return
  FIND(global_init);
  FIND(easy_init);
  FIND(easy_cleanup);
  FIND(easy_setopt);
  FIND(easy_getinfo);
  FIND(easy_strerror);
  FIND(slist_append);
  FIND(slist_free_all);
  FIND(multi_init);
  FIND(multi_cleanup);
  FIND(multi_setopt);
  FIND(multi_add_handle);
  FIND(multi_remove_handle);
  FIND(multi_perform);
  FIND(multi_poll);
  FIND(multi_wakeup);
  FIND(multi_info_read);
#undef FIND
  CURLcode code = curl.global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) {
    snprintf(failure, sizeof failure, "libcurl could not be initialised: %s", curl.easy_strerror(code));
    failure_text = failure;
  }
}

const char *ccurl_load(void) {
  pthread_once(&once, load);
  return failure_text;
}

CURL *ccurl_easy_init(void) { return curl.easy_init(); }
void ccurl_easy_cleanup(CURL *easy) { curl.easy_cleanup(easy); }
CURLcode ccurl_setopt_long(CURL *easy, CURLoption option, long value) { return curl.easy_setopt(easy, option, value); }
CURLcode ccurl_setopt_offset(CURL *easy, CURLoption option, int64_t value) { return curl.easy_setopt(easy, option, (curl_off_t)value); }
CURLcode ccurl_setopt_string(CURL *easy, CURLoption option, const char *value) { return curl.easy_setopt(easy, option, value); }
CURLcode ccurl_setopt_pointer(CURL *easy, CURLoption option, void *value) { return curl.easy_setopt(easy, option, value); }
CURLcode ccurl_setopt_list(CURL *easy, CURLoption option, struct curl_slist *value) { return curl.easy_setopt(easy, option, value); }
CURLcode ccurl_setopt_data_callback(CURL *easy, CURLoption option, ccurl_data_callback callback) {
  return curl.easy_setopt(easy, option, callback);
}
CURLcode ccurl_getinfo_long(CURL *easy, CURLINFO info, long *value) { return curl.easy_getinfo(easy, info, value); }
CURLcode ccurl_getinfo_offset(CURL *easy, CURLINFO info, int64_t *value) {
  curl_off_t found = 0;
  CURLcode code = curl.easy_getinfo(easy, info, &found);
  *value = (int64_t)found;
  return code;
}
const char *ccurl_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text) { return curl.slist_append(list, text); }
void ccurl_slist_free(struct curl_slist *list) { curl.slist_free_all(list); }

CURLM *ccurl_multi_init(void) { return curl.multi_init(); }
void ccurl_multi_cleanup(CURLM *multi) { curl.multi_cleanup(multi); }
CURLMcode ccurl_multi_setopt_long(CURLM *multi, CURLMoption option, long value) { return curl.multi_setopt(multi, option, value); }
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy) { return curl.multi_add_handle(multi, easy); }
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy) { return curl.multi_remove_handle(multi, easy); }
CURLMcode ccurl_multi_perform(CURLM *multi, int *running) { return curl.multi_perform(multi, running); }
CURLMcode ccurl_multi_poll(CURLM *multi, int timeout_in_milliseconds) {
  return curl.multi_poll(multi, NULL, 0, timeout_in_milliseconds, NULL);
}
CURLMcode ccurl_multi_wakeup(CURLM *multi) { return curl.multi_wakeup(multi); }

CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *code) {
  int left = 0;
  for (CURLMsg *message = curl.multi_info_read(multi, &left); message; message = curl.multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) {
      *code = message->data.result;
      return message->easy_handle;
    }
  }
  return NULL;
}
