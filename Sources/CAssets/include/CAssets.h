// SPDX-License-Identifier: Apache-2.0
//
// Files inside the program: the small model, the recipe that it was trained by, and the configurations
// of models that the planner knows. `assets.inl` lists them. A file that was absent when the program
// was built is not counted.
#ifndef HADAL_CASSETS_H
#define HADAL_CASSETS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// How many files there are.
size_t hdl_asset_count(void);

// The name of a file, like "nano/config.json". The index is less than the count, here and below.
const char *hdl_asset_name(size_t index);

// The bytes of a file, which are there as long as the program and must not be written. Weights begin
// at a page, other files at 64 bytes.
const uint8_t *hdl_asset_bytes(size_t index);

// How many bytes a file has.
size_t hdl_asset_byte_count(size_t index);

#pragma clang assume_nonnull end

#endif
