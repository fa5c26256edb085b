#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""infer_bench.py of HADAL_SHARED/peers with one case more: decode after 4096 tokens.

usage: infer_bench_deep.py FOLDER_OF_INFER_BENCH [its arguments]
"""
import sys

sys.path.insert(0, sys.argv.pop(1))
import infer_bench  # noqa: E402

infer_bench.CASES.append(("decode @4096", 0, None, 4096))
infer_bench.main()
