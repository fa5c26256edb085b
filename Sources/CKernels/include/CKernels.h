// SPDX-License-Identifier: Apache-2.0
#ifndef HADAL_CKERNELS_H
#define HADAL_CKERNELS_H

#endif
