// SPDX-License-Identifier: Apache-2.0
//
// The step of `assets.inl` that embeds a file.
#ifndef HDL_ALIGNMENT
#define HDL_ALIGNMENT 64
#endif
#if __has_embed(HDL_PATH) == __STDC_EMBED_FOUND__
_Alignas(HDL_ALIGNMENT) static const uint8_t HDL_ASSET[] = {
#embed HDL_PATH
};
#endif
#undef HDL_ASSET
#undef HDL_NAME
#undef HDL_PATH
#undef HDL_ALIGNMENT
