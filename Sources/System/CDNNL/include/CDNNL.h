#ifndef POSELAB_CDNNL_H
#define POSELAB_CDNNL_H
#include <oneapi/dnnl/dnnl.h>
#endif
