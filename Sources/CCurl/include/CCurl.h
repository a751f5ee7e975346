#ifndef CCURL_H
#define CCURL_H
// Opened with dlopen at the first use: libcurl brings 28 shared libraries that would cost every start 5 ms.
#endif
