#ifndef CPQ_H
#define CPQ_H
// Opened with dlopen at the first use: libpq brings LDAP and Kerberos that would cost every start.
#endif
