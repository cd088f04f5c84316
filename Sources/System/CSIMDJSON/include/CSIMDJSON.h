#ifndef POSELAB_CSIMDJSON_H
#define POSELAB_CSIMDJSON_H
#include <stddef.h>
#include <stdint.h>
#endif
