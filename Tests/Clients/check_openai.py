#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The openai client, unchanged but for its base URL, against hadal serve.

    check_openai.py HADAL

Chat, streams, log-probabilities, tools, schemas, texts, cached prompts, lists of models and errors; then
many requests at once, whose answers must be those of each alone.

Needs: pip install openai. Exit 0: all as it should be; 1: something is not; 64: usage.
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from concurrent.futures import ThreadPoolExecutor

import openai


def main(hadal):
    with tempfile.TemporaryDirectory() as folder:
        serve(hadal, dict(os.environ, XDG_CACHE_HOME=folder, XDG_DATA_HOME=folder))


def serve(hadal, environment):
    server = subprocess.Popen(
        [hadal, "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
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
    check_tools(client)
    check_schema(client)
    check_texts(client)
    check_cache(client)
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


TOOL = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Adds two numbers.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {
                "a": {"type": "integer", "minimum": 0, "maximum": 99},
                "b": {"type": "integer", "minimum": 0, "maximum": 99},
            },
            "required": ["a", "b"],
            "additionalProperties": False,
        },
    },
}


def check_tools(client):
    asked = question("What is 17 + 25?", temperature=0, tools=[TOOL], tool_choice="required",
                     parallel_tool_calls=False)
    answer = client.chat.completions.create(**asked)
    assert answer.choices[0].finish_reason == "tool_calls", answer
    (call,) = answer.choices[0].message.tool_calls
    arguments = json.loads(call.function.arguments)
    assert call.function.name == "add" and set(arguments) == {"a", "b"}, call
    assert all(0 <= value <= 99 for value in arguments.values()), arguments
    name, text, ids = "", "", set()
    for chunk in client.chat.completions.create(**asked, stream=True):
        for delta in chunk.choices[0].delta.tool_calls or []:
            name += delta.function.name or ""
            text += delta.function.arguments or ""
            ids |= {delta.id} - {None}
    assert (name, text) == ("add", call.function.arguments), (name, text)
    assert len(ids) == 1, ids
    # The result goes back as a message, and the model answers it.
    result = {"role": "tool", "tool_call_id": call.id, "content": "42"}
    history = [*asked["messages"], answer.choices[0].message.model_dump(exclude_none=True), result]
    asked.update(messages=history, tool_choice="none")
    assert client.chat.completions.create(**asked).choices[0].message.content is not None


def check_schema(client):
    schema = {
        "type": "object",
        "properties": {"sum": {"type": "integer"}, "sure": {"enum": ["yes", "no"]}},
        "required": ["sum", "sure"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "sum", "schema": schema, "strict": True}}
    for number in range(4):
        answer = client.chat.completions.create(
            **question(f"What is {number} + 25?", temperature=1, seed=number, response_format=form)
        )
        value = json.loads(answer.choices[0].message.content)
        assert isinstance(value["sum"], int) and value["sure"] in ("yes", "no"), value


def check_cache(client):
    asked = question("What is 40 - 4, " + "and why, " * 90, temperature=0, max_tokens=4)
    usages = [client.chat.completions.create(**asked).usage for _ in range(2)]
    assert usages[1].prompt_cache_miss_tokens == 1, usages
    assert usages[1].prompt_tokens_details.cached_tokens == usages[1].prompt_cache_hit_tokens
    for options in ({"cache_prompt": False}, {"user_id": str(uuid.uuid4())}):
        usage = client.chat.completions.create(**asked, extra_body=options).usage
        assert usage.prompt_cache_hit_tokens == 0, (options, usage)


def check_texts(client):
    answer = client.completions.create(
        model="nano", prompt=["I am", "17"], max_tokens=5, temperature=0, logprobs=3
    )
    assert len(answer.choices) == 2
    for choice in answer.choices:
        parts = choice.logprobs
        assert len(parts.tokens) == len(parts.token_logprobs) == len(parts.text_offset) <= 5
    # As lm-eval asks: what a text is worth, and whether it is what the model would say.
    echo = client.completions.create(
        model="nano", prompt=[[5, 6, 7, 8]], max_tokens=1, temperature=0, logprobs=1, echo=True
    ).choices[0]
    assert echo.logprobs.token_logprobs[0] is None and len(echo.logprobs.token_logprobs) == 5, echo
    last, top = echo.logprobs.token_logprobs[-1], echo.logprobs.top_logprobs[-1]
    assert last == max(top.values()), echo


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
