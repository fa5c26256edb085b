// SPDX-License-Identifier: Apache-2.0
//
// The step of `assets.inl` that enters a file into the table.
#if __has_embed(HDL_PATH) == __STDC_EMBED_FOUND__
    {HDL_NAME, HDL_ASSET, sizeof HDL_ASSET},
#endif
#undef HDL_ASSET
#undef HDL_NAME
#undef HDL_PATH
#undef HDL_ALIGNMENT
