// SPDX-License-Identifier: Apache-2.0
//
// The bytes of `assets.inl`'s files, and the table of them. The compiler notes each file among what
// this one depends on, so that a changed file is embedded anew; one that was absent it does not note.
#include "include/CAssets.h"

#ifndef __has_embed
#error "this compiler has no #embed: Swift 6.3 brings one"
#endif

// #embed is of C23 and an extension in the C of Swift packages.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define HDL_STEP "asset_bytes.inl"
#include "assets.inl"
#undef HDL_STEP

static const struct {
  const char *name;
  const uint8_t *bytes;
  size_t byte_count;
} assets[] = {
#define HDL_STEP "asset_entry.inl"
#include "assets.inl"
#undef HDL_STEP
    {0, 0, 0}, // C has no empty tables.
};

size_t hdl_asset_count(void) { return sizeof assets / sizeof *assets - 1; }

const char *hdl_asset_name(size_t index) { return assets[index].name; }

const uint8_t *hdl_asset_bytes(size_t index) { return assets[index].bytes; }

size_t hdl_asset_byte_count(size_t index) { return assets[index].byte_count; }
