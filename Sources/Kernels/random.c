#include "Kernels.h"
#include "functions.h"

// The numbers must be those of the plain generator to the last bit: no product may be joined with its sum.
#pragma STDC FP_CONTRACT OFF

enum { LANES = 16 };

/// Blocks `first` to `first` + LANES - 1 of the stream, as pairs of 64-bit words.
PL_INLINE void blocks(const pl_random_stream *stream, uint64_t first, uint64_t *even, uint64_t *odd) {
  uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
  for (int i = 0; i < LANES; i++) {
    uint64_t counter = first + (uint64_t)i;
    c0[i] = (uint32_t)counter;
    c1[i] = (uint32_t)(counter >> 32);
    c2[i] = stream->address[0];
    c3[i] = stream->address[1];
  }
  uint32_t k0 = stream->key[0], k1 = stream->key[1];
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < LANES; i++) {
      uint64_t a = (uint64_t)0xD2511F53u * c0[i], b = (uint64_t)0xCD9E8D57u * c2[i];
      c0[i] = (uint32_t)(b >> 32) ^ c1[i] ^ k0;
      c1[i] = (uint32_t)b;
      c2[i] = (uint32_t)(a >> 32) ^ c3[i] ^ k1;
      c3[i] = (uint32_t)a;
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  for (int i = 0; i < LANES; i++) {
    even[i] = (uint64_t)c1[i] << 32 | c0[i];
    odd[i] = (uint64_t)c3[i] << 32 | c2[i];
  }
}

PL_CLONES void pl_random_uniform(
    const pl_random_stream *stream, uint64_t first_block, ptrdiff_t count, double lower, double upper, float *output) {
  uint64_t even[LANES], odd[LANES];
  float numbers[2 * LANES];
  double width = upper - lower;
  for (ptrdiff_t done = 0; done < count; done += 2 * LANES) {
    blocks(stream, first_block + (uint64_t)done / 2, even, odd);
    for (int i = 0; i < LANES; i++) {
      numbers[2 * i] = (float)(lower + width * ((double)(int64_t)(even[i] >> 11) * 0x1p-53));
      numbers[2 * i + 1] = (float)(lower + width * ((double)(int64_t)(odd[i] >> 11) * 0x1p-53));
    }
    ptrdiff_t rest = count - done;
    memcpy(output + done, numbers, (size_t)(rest < 2 * LANES ? rest : 2 * LANES) * sizeof(float));
  }
}
