#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""lm-evaluation-harness asks hadal serve what texts are worth, and gets what hadal score says.

    check_lm_eval.py HADAL CHECKPOINT

`local-completions` sends token ids in batches, many at once, with echo and log-probabilities: the sum of
each continuation must be hadal score's, and whether it is greedy must follow from it.
`local-chat-completions` asks nano for answers.

Needs: pip install "lm_eval[api]" transformers. Exit 0: all as it should be; 1: something is not; 64: usage.
"""

import json
import os
import subprocess
import sys
import tempfile

from lm_eval.api.instance import Instance
from lm_eval.models.api_models import JsonChatStr
from lm_eval.models.openai_completions import LocalChatCompletion, LocalCompletionsAPI
from transformers import AutoTokenizer

PAIRS = [("The engine", " is an actor"), ("A prompt that begins", " like one"), ("17 + 25", " = 42"),
         ("Answers", " are the same alone and among others"), ("Text is never", " control")]


def main(hadal, checkpoint):
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, XDG_CACHE_HOME=folder, XDG_DATA_HOME=folder)
        server = subprocess.Popen(
            [hadal, "serve", "-m", checkpoint, "-m", "nano", "--port", "0", "--json"],
            stdout=subprocess.PIPE, text=True, env=environment,
        )
        try:
            url = json.loads(server.stdout.readline())["url"] + "/v1"
            check_worth(hadal, checkpoint, url)
            check_answers(url)
        finally:
            server.terminate()
        assert server.wait(timeout=60) == 0


def worth(hadal, checkpoint, ids, count):
    """The sum of the last tokens' log-probabilities, as hadal score has them."""
    text = subprocess.run(
        [hadal, "score", "-m", checkpoint, "--ids", ",".join(map(str, ids)), "--json"],
        capture_output=True, text=True, check=True,
    ).stdout
    return sum(json.loads(text)["logprobs"][-count:])


def check_worth(hadal, checkpoint, url):
    model = LocalCompletionsAPI(
        base_url=f"{url}/completions", model=os.path.basename(checkpoint), tokenizer=checkpoint,
        tokenizer_backend="huggingface", num_concurrent=4, batch_size=2,
    )
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    requests = [Instance("loglikelihood", {}, pair, index) for index, pair in enumerate(PAIRS)]
    # A second time everything but the last token may be cached, and nothing may change.
    results = [model.loglikelihood(requests) for _ in range(2)]
    assert results[0] == results[1], results
    for (context, continuation), (found, _) in zip(PAIRS, results[0]):
        ids = tokenizer(context + continuation, add_special_tokens=False)["input_ids"]
        count = len(ids) - len(tokenizer(context, add_special_tokens=False)["input_ids"])
        expected = worth(hadal, checkpoint, ids, count)
        assert abs(found - expected) <= 1e-9 * abs(expected), (context, found, expected)


def check_answers(url):
    model = LocalChatCompletion(base_url=f"{url}/chat/completions", model="nano", num_concurrent=2)
    arguments = {"until": ["\n\n"], "max_gen_toks": 64, "temperature": 0}
    requests = []
    for text in ("What is 17 + 25?", "What is 90 - 41?"):
        chat = JsonChatStr(json.dumps([{"role": "user", "content": text}]))
        requests.append(Instance("generate_until", {}, (chat, arguments), 0))
    answers = model.generate_until(requests)
    assert answers == ["17 + 25 = 42", "90 - 41 = 49"], answers


if __name__ == "__main__":
    if "--help" in sys.argv or len(sys.argv) != 3:
        print(__doc__)
        sys.exit(0 if "--help" in sys.argv else 64)
    main(sys.argv[1], os.path.normpath(sys.argv[2]))
    print("lm-eval: all as it should be")
