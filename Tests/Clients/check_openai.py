#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The openai client, unchanged but for its base URL, against hadal serve.

    check_openai.py HADAL

Chat, streams, log-probabilities, texts, lists of models and errors; then many requests at once, whose
answers must be those of each alone.

Needs: pip install openai. Exit 0: all as it should be; 1: something is not; 64: usage.
"""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import openai


def main(hadal):
    server = subprocess.Popen(
        [hadal, "serve", "--port", "0", "--json"], stdout=subprocess.PIPE, text=True
    )
    try:
        url = json.loads(server.stdout.readline())["url"]
        for base in (url, url + "/v1", url + "/beta"):
            check(openai.OpenAI(base_url=base, api_key="none"))
    finally:
        server.terminate()
    code = server.wait(timeout=60)
    assert code == 0, f"the server ended with {code}"


def question(text, **options):
    return dict(model="nano", messages=[{"role": "user", "content": text}], **options)


def check(client):
    assert [model.id for model in client.models.list()] == ["nano"]
    assert client.models.retrieve("nano").id == "nano"
    check_chat(client)
    check_stream(client)
    check_texts(client)
    check_errors(client)
    check_many(client)


def check_chat(client):
    answer = client.chat.completions.create(
        **question("What is 17 + 25?", temperature=0, logprobs=True, top_logprobs=2)
    )
    message = answer.choices[0].message
    assert message.content == "17 + 25 = 42", message
    assert message.reasoning_content.endswith("42"), message
    usage = answer.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, usage
    assert usage.prompt_cache_hit_tokens + usage.prompt_cache_miss_tokens == usage.prompt_tokens
    for entry in answer.choices[0].logprobs.content:
        assert len(entry.top_logprobs) == 2, entry
        assert entry.logprob == max(token.logprob for token in entry.top_logprobs), entry


def check_stream(client):
    whole = client.chat.completions.create(**question("What is 90 - 41?", seed=3, temperature=1))
    for include in (False, True):
        options = {"stream_options": {"include_usage": True}} if include else {}
        content, reasoning, usage = "", "", None
        for chunk in client.chat.completions.create(
            **question("What is 90 - 41?", seed=3, temperature=1, stream=True, **options)
        ):
            for choice in chunk.choices:
                content += choice.delta.content or ""
                reasoning += getattr(choice.delta, "reasoning_content", None) or ""
            usage = chunk.usage or usage
        assert content == whole.choices[0].message.content, content
        assert reasoning == whole.choices[0].message.reasoning_content, reasoning
        assert usage.total_tokens == whole.usage.total_tokens, usage


def check_texts(client):
    answer = client.completions.create(
        model="nano", prompt=["I am", "17"], max_tokens=5, temperature=0, logprobs=3
    )
    assert len(answer.choices) == 2
    for choice in answer.choices:
        parts = choice.logprobs
        assert len(parts.tokens) == len(parts.token_logprobs) == len(parts.text_offset) <= 5


def check_errors(client):
    for kind, code, options in (
        (openai.NotFoundError, "model_not_found", {**question("a"), "model": "other"}),
        (openai.BadRequestError, "context_length_exceeded", question("a" * 40000)),
        (openai.UnprocessableEntityError, "invalid_parameters", question("a", n=99)),
    ):
        try:
            client.chat.completions.create(**options)
        except kind as error:
            assert error.code == code, error
        else:
            raise AssertionError(f"no {kind.__name__}")


def check_many(client):
    def ask(number):
        answer = client.chat.completions.create(
            **question(f"What is {number} + {number + 7}?", temperature=1, seed=number)
        )
        return answer.choices[0].message

    alone = [ask(number) for number in range(32)]
    with ThreadPoolExecutor(32) as pool:
        together = list(pool.map(ask, range(32)))
    assert alone == together


if __name__ == "__main__":
    if "--help" in sys.argv or len(sys.argv) != 2:
        print(__doc__)
        sys.exit(0 if "--help" in sys.argv else 64)
    main(sys.argv[1])
    print("the openai client: all as it should be")
