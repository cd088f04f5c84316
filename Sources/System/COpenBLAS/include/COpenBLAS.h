/// OpenBLAS's matrix product, found at run time.
#ifndef POSELAB_COPENBLAS_H
#define POSELAB_COPENBLAS_H

/// C = alpha · op(A) · op(B) + beta · C on the calling thread; row-major, leading dimensions in elements. Where beta is 0,
/// C is not read.
///
/// Where OpenBLAS is not installed, plain loops compute, slowly.
void pl_sgemm(
    int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha, const float *a, int lda,
    const float *b, int ldb, float beta, float *c, int ldc);
/// The same by plain loops.
void pl_plain_sgemm(
    int transpose_a, int transpose_b, int rows, int columns, int inner, float alpha, const float *a, int lda,
    const float *b, int ldb, float beta, float *c, int ldc);
/// Loads OpenBLAS; to be called while no other thread reads the environment.
///
/// Returns whether it is there.
int pl_load_openblas(void);
#endif
