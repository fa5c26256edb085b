#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The anthropic client, unchanged but for its base URL, against hadal serve.

    check_anthropic.py HADAL

Messages, streams, thinking, tools, schemas, counted tokens and errors; each answer is the one that
/v1/chat/completions gives for the same conversation and seed, and those of many at once are those of
each alone.

Needs: pip install anthropic openai. Exit 0: all as it should be; 1: something is not; 64: usage.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import anthropic
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
        for base in (url + "/anthropic", url):
            check(anthropic.Anthropic(base_url=base, api_key="none", max_retries=0), url)
    finally:
        server.terminate()
    code = server.wait(timeout=60)
    assert code == 0, f"the server ended with {code}"


def question(text, seed=None, temperature=None, **options):
    # Fields that the client has no parameters for, in this version or that.
    more = {"seed": seed, "temperature": temperature}
    options["extra_body"] = {name: value for name, value in more.items() if value is not None}
    messages = [{"role": "user", "content": text}]
    return dict(model="nano", max_tokens=300, messages=messages, **options)


def check(client, url):
    check_message(client)
    check_same(client, openai.OpenAI(base_url=url, api_key="none"))
    check_stream(client)
    check_raw_events(client)
    check_tools(client)
    check_schema(client)
    check_count(client)
    check_stops(client)
    check_errors(client)
    check_many(client)


def parts(message):
    """The thinking and the text of a message."""
    kinds = [block.type for block in message.content]
    assert kinds in (["thinking", "text"], ["text"], ["thinking"], []), kinds
    thinking = "".join(block.thinking for block in message.content if block.type == "thinking")
    return thinking, "".join(block.text for block in message.content if block.type == "text")


def check_message(client):
    message = client.messages.create(
        **question("What is 17 + 25?", temperature=0, system="You are brief.")
    )
    assert message.type == "message" and message.role == "assistant", message
    assert message.stop_reason == "end_turn" and message.stop_sequence is None, message
    assert message.usage.output_tokens > 0, message.usage
    plain = client.messages.create(**question("What is 17 + 25?", temperature=0))
    thinking, text = parts(plain)
    assert text == "17 + 25 = 42" and thinking.endswith("42"), plain
    assert plain.content[0].signature, plain
    # The answer goes back with its thinking, and the conversation goes on.
    history = [
        {"role": "user", "content": "What is 17 + 25?"},
        {"role": "assistant", "content": plain.content},
        {"role": "user", "content": [{"type": "text", "text": "What is 40 - 4?"}]},
    ]
    asked = {**question("", temperature=0), "messages": history}
    assert "36" in parts(client.messages.create(**asked))[1]
    # What is cached is told apart from what is computed.
    usage = client.messages.create(**asked).usage
    assert usage.input_tokens == 1 and usage.cache_read_input_tokens > 10, usage
    for user in ("somebody", "somebody else"):
        usage = client.messages.create(**asked, metadata={"user_id": user + str(client.base_url)})
        assert usage.usage.cache_read_input_tokens == 0, usage


def check_same(client, chat):
    for seed in range(8):
        text = f"What is {seed} + {3 * seed}?"
        answer = chat.chat.completions.create(
            model="nano",
            messages=[{"role": "user", "content": text}],
            temperature=1.3,
            seed=seed,
            max_tokens=300,
        )
        message = client.messages.create(**question(text, seed, temperature=1.3))
        said = answer.choices[0].message
        expected = (getattr(said, "reasoning_content", None) or "", said.content)
        assert parts(message) == expected, (message, said)
        assert message.usage.output_tokens == answer.usage.completion_tokens


def check_stream(client):
    asked = question("What is 90 - 41?", 3, temperature=1)
    whole = client.messages.create(**asked)
    with client.messages.stream(**asked) as stream:
        text = "".join(stream.text_stream)
        message = stream.get_final_message()
    assert text == parts(whole)[1], (text, whole)
    assert parts(message) == parts(whole), (message, whole)
    assert message.stop_reason == whole.stop_reason
    assert message.content[0].signature == message.id, message
    assert message.usage.output_tokens == whole.usage.output_tokens
    used = message.usage
    assert used.input_tokens + used.cache_read_input_tokens == (
        whole.usage.input_tokens + whole.usage.cache_read_input_tokens
    )


def check_raw_events(client):
    # As the bytes have them, pings too, which the client swallows.
    asked = {"model": "nano", "max_tokens": 300, "stream": True}
    asked["messages"] = [{"role": "user", "content": "What is 90 - 41?"}]
    request = urllib.request.Request(
        str(client.base_url).rstrip("/") + "/v1/messages",
        json.dumps(asked).encode(),
        {"anthropic-version": "2023-06-01", "anthropic-beta": "x", "content-type": "application/json"},
    )
    names = []
    with urllib.request.urlopen(request) as response:
        assert response.headers["content-type"] == "text/event-stream"
        for line in response.read().decode().splitlines():
            if line.startswith("event: ") and (not names or names[-1] != line[7:]):
                names.append(line[7:])
    block = ["content_block_start", "content_block_delta", "content_block_stop"]
    expected = ["message_start", block[0], "ping", *block[1:], *block, "message_delta", "message_stop"]
    assert names == expected, names


TOOL = {
    "name": "add",
    "description": "Adds two numbers.",
    "strict": True,
    "input_schema": {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "minimum": 0, "maximum": 99},
            "b": {"type": "integer", "minimum": 0, "maximum": 99},
        },
        "required": ["a", "b"],
        "additionalProperties": False,
    },
}


def check_tools(client):
    for choice in ({"type": "any"}, {"type": "tool", "name": "add"}):
        choice["disable_parallel_tool_use"] = True
        asked = question("What is 17 + 25?", temperature=0, tools=[TOOL], tool_choice=choice)
        message = client.messages.create(**asked)
        assert message.stop_reason == "tool_use", message
        (call,) = [block for block in message.content if block.type == "tool_use"]
        assert call.name == "add" and set(call.input) == {"a", "b"}, call
        assert all(0 <= value <= 99 for value in call.input.values()), call
        with client.messages.stream(**asked) as stream:
            streamed = stream.get_final_message()
        (again,) = [block for block in streamed.content if block.type == "tool_use"]
        assert (again.name, again.input) == (call.name, call.input), (again, call)
        assert streamed.stop_reason == "tool_use"
        # The result goes back, and the model answers it.
        result = {"type": "tool_result", "tool_use_id": call.id, "content": "42"}
        history = [
            *asked["messages"],
            {"role": "assistant", "content": message.content},
            {"role": "user", "content": [result]},
        ]
        asked.update(messages=history, tool_choice={"type": "none"})
        assert client.messages.create(**asked).stop_reason in ("end_turn", "max_tokens")


def check_schema(client):
    schema = {
        "type": "object",
        "properties": {"sum": {"type": "integer"}, "sure": {"enum": ["yes", "no"]}},
        "required": ["sum", "sure"],
        "additionalProperties": False,
    }
    form = {"format": {"type": "json_schema", "schema": schema}}
    for number in range(3):
        asked = question(f"What is {number} + 25?", number, temperature=1, output_config=form)
        value = json.loads(parts(client.messages.create(**asked))[1])
        assert isinstance(value["sum"], int) and value["sure"] in ("yes", "no"), value


def check_count(client):
    for options in ({}, {"system": "You are brief."}, {"tools": [TOOL]}):
        asked = question("What is 17 + 25?", **options)
        del asked["max_tokens"]
        count = client.messages.count_tokens(**asked).input_tokens
        usage = client.messages.create(**asked, max_tokens=1).usage
        assert usage.input_tokens + usage.cache_read_input_tokens == count, (usage, count)


def check_stops(client):
    stopped = client.messages.create(
        **question("What is 17 + 25?", temperature=0, stop_sequences=["zzz", " = 42"])
    )
    assert stopped.stop_reason == "stop_sequence" and stopped.stop_sequence == " = 42", stopped
    assert parts(stopped)[1] == "17 + 25", stopped
    asked = {**question("What is 17 + 25?"), "max_tokens": 3}
    cut = client.messages.create(**asked)
    assert cut.stop_reason == "max_tokens" and cut.usage.output_tokens == 3, cut
    # Thinking has its own bound, and an answer may be begun by the client.
    short = client.messages.create(
        **question("What is 17 + 25?", thinking={"type": "adaptive"}, temperature=0)
    )
    assert parts(short)[1] == "17 + 25 = 42", short
    begun = question("What is 17 + 25?", temperature=0)
    begun["messages"].append({"role": "assistant", "content": "17 + 25 ="})
    assert client.messages.create(**begun).type == "message"


def check_errors(client):
    image = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
    messages = [{"role": "user", "content": [image]}]
    search = {"type": "web_search_20250305", "name": "web_search"}
    for kind, name, options in (
        (anthropic.NotFoundError, "not_found_error", {**question("a"), "model": "other"}),
        (anthropic.BadRequestError, "invalid_request_error", question("a" * 40000)),
        (anthropic.BadRequestError, "invalid_request_error", question("a", temperature=9)),
        (anthropic.BadRequestError, "invalid_request_error", {**question("a"), "messages": messages}),
        (anthropic.BadRequestError, "invalid_request_error", question("a", tools=[search])),
        (anthropic.BadRequestError, "invalid_request_error", {**question("a"), "max_tokens": 0}),
    ):
        for stream in (False, True):
            try:
                client.messages.create(**options, stream=stream)
            except kind as error:
                assert error.body["error"]["type"] == name, error.body
                assert error.body["error"]["message"], error.body
            else:
                raise AssertionError(f"no {kind.__name__}")


def check_many(client):
    def ask(number):
        text = f"What is {number} + {number + 7}?"
        return parts(client.messages.create(**question(text, number, temperature=1)))

    alone = [ask(number) for number in range(24)]
    with ThreadPoolExecutor(24) as pool:
        together = list(pool.map(ask, range(24)))
    assert alone == together


if __name__ == "__main__":
    if "--help" in sys.argv or len(sys.argv) != 2:
        print(__doc__)
        sys.exit(0 if "--help" in sys.argv else 64)
    main(sys.argv[1])
    print("the anthropic client: all as it should be")
