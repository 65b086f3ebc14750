/* What the translated text needs: Python's arithmetic, and random numbers addressed by name. */
#include <math.h>

typedef long long i64;
typedef unsigned long long u64;

static inline i64 floor_div(i64 a, i64 b) {
    i64 quotient = a / b;
    return quotient - (a % b != 0 && (a < 0) != (b < 0));
}

static inline i64 floor_mod(i64 a, i64 b) {
    i64 rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/* Python's min and max: of equal ones, and of what cannot be compared, the first. */
static inline i64 min_i64(i64 a, i64 b) { return b < a ? b : a; }
static inline i64 max_i64(i64 a, i64 b) { return b > a ? b : a; }
static inline double min_double(double a, double b) { return b < a ? b : a; }
static inline double max_double(double a, double b) { return b > a ? b : a; }
static inline i64 abs_i64(i64 a) { return a < 0 ? -a : a; }
static inline double abs_double(double a) { return fabs(a); }

/* A whole number of Python has no end; this one stops at 2**62, beyond anything that is counted. */
static inline i64 whole(double a) {
    if (a >= 4611686018427387904.0) return 4611686018427387904LL;
    if (a <= -4611686018427387904.0) return -4611686018427387904LL;
    return a == a ? (i64)a : 0;
}

#ifdef NCPCSIM_CHECKED
#include <stdio.h>
#include <stdlib.h>
static i64 row_at(i64 row, i64 rows, const char *where) {
    if (row >= 0 && row < rows) return row;
    fprintf(stderr, "%s: row %lld of %lld\n", where, row, rows);
    abort();
}
#endif
