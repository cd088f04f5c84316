#ifndef POSELAB_CIMAGECODECS_H
#define POSELAB_CIMAGECODECS_H
#include <stddef.h>
#include <stdint.h>
#endif
