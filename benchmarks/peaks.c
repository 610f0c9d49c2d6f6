/* What this machine can do at most: fused multiply-adds and divisions of doubles, from registers. */
#define LANES 8
typedef double vector __attribute__((vector_size(8 * LANES)));
double fma_flops(long n) {
    vector a[12], x = {0}, y = {0};
    x += 0.9999999;
    y += 1e-9;
    for (int i = 0; i < 12; i++) a[i] = x + i;
    for (long k = 0; k < n; k++) {
#pragma GCC unroll 12
        for (int i = 0; i < 12; i++) a[i] = a[i] * x + y;
    }
    for (int i = 1; i < 12; i++) a[0] += a[i];
    return a[0][0];
}
double divisions(long n) {
    vector a[8], x = {0};
    x += 1.0000001;
    for (int i = 0; i < 8; i++) a[i] = x + i;
    for (long k = 0; k < n; k++) {
#pragma GCC unroll 8
        for (int i = 0; i < 8; i++) a[i] = x / a[i];
    }
    for (int i = 1; i < 8; i++) a[0] += a[i];
    return a[0][0];
}
