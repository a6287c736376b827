"""Another server's answers come word by word; whatever it does wrong is a sentence, and nothing hangs or grows."""

import json
import re
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from house import free_port
from openai_server import llama_server

from models_admin.engine import calling
from models_admin.engine.calling import RemoteSpec, ServerFailed, models_at
from models_admin.engine.outbound import Rules, near_from
from models_admin.engine.process import ModelRefused
from models_admin.engine.protocol import Ended, EndReason, Event, Piece, Request, Sampling, Started, Turn
from models_admin.engine.remote import RemoteEngine

KEY = "sk-very-secret"
SECRET = "marmalade"
Handler = BaseHTTPRequestHandler


def chunk(text: str = "", finish: str | None = None, usage: dict[str, int] | None = None) -> bytes:
    told: dict[str, Any] = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    return b"data: " + json.dumps(told | ({"usage": usage} if usage else {})).encode() + b"\n\n"


@contextmanager
def server(
    answer: Callable[[Handler, dict[str, Any]], None], *, models: bytes | None = None
) -> Iterator[tuple[str, list[Any]]]:
    """Serve an odd OpenAI protocol. Yields its address and what it was asked: headers and bodies."""
    asked: list[Any] = []
    listed = models if models is not None else b'{"data": [{"id": "m"}]}'

    class Odd(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Be quiet."""

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(listed)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((dict(self.headers), body))
            answer(self, body)

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Somebody hung up."""

    odd = Quiet(("127.0.0.1", 0), Odd)
    thread = threading.Thread(target=odd.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{odd.server_address[1]}/v1", asked
    finally:
        odd.shutdown()
        odd.server_close()
        thread.join()


def streams(*pieces: bytes) -> Callable[[Handler, Any], None]:
    def answer(handler: Handler, _: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()

    return answer


def refuses(status: int) -> Callable[[Handler, Any], None]:
    def answer(handler: Handler, _: Any) -> None:
        handler.send_response(status)
        handler.end_headers()
        handler.wfile.write(SECRET.encode())

    return answer


def spec(url: str, **fields: Any) -> RemoteSpec:
    rules = Rules((near_from("127.0.0.1"),))
    values: dict[str, Any] = {"key": KEY, "silent_seconds": 2.0} | fields
    return RemoteSpec("Odd", url, "m", 2, 4096, rules, **values)


def request(name: str = "1", *, prefix: str = "", **sampling: Any) -> Request:
    turns = (Turn("system", "Be brief."), Turn("user", "What is a hearth?"))
    return Request(name, "chat", turns, Sampling(**sampling), prefix)


def until_ended(engine: RemoteEngine, seconds: float = 15) -> list[Event]:
    heard: list[Event] = []
    until = time.monotonic() + seconds
    while not any(isinstance(event, Ended) for event in heard):
        assert time.monotonic() < until
        heard += engine.poll(0.2)
    return heard


def text_of(heard: Sequence[Event]) -> str:
    return "".join(event.text for event in heard if isinstance(event, Piece))


def end_of(heard: Sequence[Event]) -> Ended:
    return next(event for event in heard if isinstance(event, Ended))


def test_words_come_as_they_are_said_with_the_servers_counts() -> None:
    pieces = [chunk("A place "), b": keep-alive\n\n", chunk("for fire \U0001f525."), chunk("", "stop")]
    pieces += [b'data: {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 5}}\n\n', b"data: [DONE]\n\n"]
    with server(streams(*pieces)) as (url, asked):
        engine = RemoteEngine(spec(url))
        engine.submit(request(temperature=0.3, max_tokens=77, seed=5))
        heard = until_ended(engine)
    assert isinstance(heard[0], Started)
    assert text_of(heard) == "A place for fire \U0001f525."
    end = end_of(heard)
    assert (end.reason, end.prompt_tokens, end.output_tokens) == (EndReason.DONE, 9, 5)
    headers, body = asked[0]
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert (body["model"], body["stream"], body["temperature"], body["max_tokens"], body["seed"]) == (
        "m",
        True,
        0.3,
        77,
        5,
    )
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is a hearth?"},
    ]


def test_halves_of_characters_and_endless_counts_become_what_can_be_stored() -> None:
    counts = b'data: {"choices": [], "usage": {"prompt_tokens": 2147483647, "completion_tokens": 5}}\n\n'
    half = b'data: {"choices": [{"delta": {"content": "a\\ud83d b"}, "finish_reason": "stop"}]}\n\n'
    with server(streams(half, counts), models=b'{"data": [{"id": "m\\ud83d"}]}') as (url, _):
        assert models_at(spec(url)) == ["m?"]
        engine = RemoteEngine(spec(url))
        engine.submit(request())
        heard = until_ended(engine)
    assert text_of(heard) == "a? b"
    assert (end_of(heard).prompt_tokens, end_of(heard).output_tokens) == (0, 5)


@pytest.mark.parametrize("again", [True, False])
def test_words_already_shown_are_not_said_again(again: bool) -> None:
    pieces = [chunk("A pla"), chunk("ce for ")] if again else []
    with server(streams(*pieces, chunk("fire."), chunk("", "stop"))) as (url, asked):
        engine = RemoteEngine(spec(url))
        engine.submit(request(prefix="A place for "))
        assert text_of(until_ended(engine)) == "fire."
    assert asked[0][1]["messages"][-1] == {"role": "assistant", "content": "A place for "}


def test_an_answer_that_is_cut_by_length_says_so() -> None:
    with server(streams(chunk("A"), chunk("", "length"), b"data: [DONE]\n\n")) as (url, _):
        engine = RemoteEngine(spec(url))
        engine.submit(request())
        assert end_of(until_ended(engine)).reason == EndReason.LENGTH


BROKEN: dict[str, tuple[Callable[[Handler, Any], None], str]] = {
    "no key": (refuses(401), "does not accept the key"),
    "forbidden": (refuses(403), "does not let this key ask"),
    "no model": (refuses(404), "does not know the model"),
    "busy": (refuses(429), "too much to do"),
    "failed": (refuses(500), "The server Odd failed."),
    "teapot": (refuses(418), r"refused \(418\)"),
    "elsewhere": (refuses(307), "never followed"),
    "no protocol": (streams(b"data: <html>\n\n"), "does not speak the OpenAI protocol"),
    "an error inside": (
        streams(chunk("A"), b'data: {"error": {"message": "marmalade"}}\n\n'),
        "in the middle of the answer",
    ),
    "cut": (streams(chunk("A place")), "broke off in the middle"),
    "nothing": (streams(), "broke off in the middle"),
    "endless line": (streams(b"data: " + b"x" * (2 << 20)), "lines without an end"),
    "silent": (lambda handler, _: time.sleep(4), "did not answer in time"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BROKEN)
def test_what_a_server_does_wrong_is_a_sentence_without_its_words_and_the_key(name: str) -> None:
    answer, sentence = BROKEN[name]
    with server(answer) as (url, _):
        engine = RemoteEngine(spec(url))
        engine.submit(request())
        end = end_of(until_ended(engine))
    assert end.reason == EndReason.FAILED
    assert re.search(sentence, end.detail), end.detail
    assert SECRET not in end.detail
    assert KEY not in end.detail


def test_an_answer_is_stopped_at_once_and_the_server_hears_it() -> None:
    heard_end = threading.Event()

    def forever(handler: Handler, _: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(chunk("word "))
                time.sleep(0.01)
        except OSError:
            heard_end.set()

    with server(forever) as (url, _):
        engine = RemoteEngine(spec(url))
        engine.submit(request())
        while not text_of(engine.poll(0.2)):
            pass
        engine.cancel("1")
        assert end_of(until_ended(engine, 3)).reason == EndReason.STOPPED
        assert heard_end.wait(3)
    engine.cancel("nobody")


def test_an_answer_is_stopped_before_the_server_has_said_anything() -> None:
    asked, over = threading.Event(), threading.Event()

    def silent(*_: Any) -> None:
        asked.set()
        over.wait(20)

    with server(silent) as (url, _):
        engine = RemoteEngine(spec(url, silent_seconds=60.0))
        engine.submit(request())
        assert asked.wait(5)
        engine.cancel("1")
        assert end_of(until_ended(engine, 3)).reason == EndReason.STOPPED
        over.set()


@pytest.mark.parametrize("begins", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_list_of_models_that_drips_ends_in_time(monkeypatch: pytest.MonkeyPatch, begins: bytes) -> None:
    monkeypatch.setattr(calling, "CONNECT_SECONDS", 0.5)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(begins)
                while not over.wait(0.05):
                    connection.sendall(b" ")

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(ServerFailed, match="did not answer in time"):
            models_at(spec(f"http://127.0.0.1:{listening.getsockname()[1]}/v1"))
        assert time.monotonic() - began < 3
        over.set()
        thread.join()


def test_a_key_that_no_header_can_carry_stands_in_no_error() -> None:
    with server(refuses(500)) as (url, _):
        for key in ("sk-very\r\nX: secret", "sk-\u20ac"):
            with pytest.raises(ServerFailed, match="no key has") as raised:
                models_at(spec(url, key=key))
            assert key not in "".join(traceback.format_exception(raised.value))
            assert raised.value.__suppress_context__


@pytest.mark.parametrize(("host", "trusted", "sentence"), [
    ("localhost", True, ""), ("localhost", False, "not one that this machine trusts"),
    ("127.0.0.1", True, "not one that this machine trusts"),
])  # fmt: skip
def test_a_certificate_is_trusted_and_of_this_name_or_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, trusted: bool, sentence: str
) -> None:
    certificate = certificate_of("localhost", tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            plain, _ = listening.accept()
            with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
                if said := connection.recv(65536):
                    heard.append(said)
                    connection.sendall(b'HTTP/1.1 200 OK\r\n\r\n{"data": [{"id": "m"}]}')

        thread = threading.Thread(target=answer)
        thread.start()
        asked = spec(f"https://{host}:{listening.getsockname()[1]}/v1")
        if sentence:
            with pytest.raises(ServerFailed, match=sentence):
                models_at(asked)
        else:
            assert models_at(asked) == ["m"]
        thread.join()
    assert bool(heard) is not bool(sentence)


def certificate_of(name: str, folder: Path) -> Path:
    """Write a certificate that nobody else has signed, with its key."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False).sign(key, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(private + signed.public_bytes(Encoding.PEM))
    return path


def test_a_server_that_never_stops_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models_admin.engine.remote.LONGEST_ANSWER", 1000)
    with server(streams(*[chunk("x" * 100)] * 50)) as (url, _):
        engine = RemoteEngine(spec(url))
        engine.submit(request())
        end = end_of(until_ended(engine))
    assert (end.reason, "did not stop" in end.detail) == (EndReason.FAILED, True)


def test_a_server_that_is_not_there_or_is_none_cannot_be_deployed() -> None:
    with pytest.raises(ModelRefused, match="Nobody listens"):
        RemoteEngine(spec(f"http://127.0.0.1:{free_port()}/v1"))
    with server(refuses(500), models=b"<html>") as (url, _), pytest.raises(ModelRefused, match="OpenAI protocol"):
        RemoteEngine(spec(url))
    with server(refuses(500), models=b"x" * (calling.LONGEST_LIST + 10)) as (url, _), pytest.raises(ModelRefused):
        RemoteEngine(spec(url))


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(spec("http://127.0.0.1:1/v1"))


@pytest.fixture(scope="module")
def real_server() -> Iterator[str]:
    with llama_server() as url:
        yield url


def test_a_real_server_answers_word_by_word(real_server: str) -> None:
    real = spec(real_server, silent_seconds=30.0, key="")
    assert models_at(real) == ["house"]
    engine = RemoteEngine(real)
    engine.submit(request(temperature=0.0, max_tokens=24))
    heard = until_ended(engine, 60)
    end = end_of(heard)
    assert end.reason in (EndReason.DONE, EndReason.LENGTH), end.detail
    assert len([event for event in heard if isinstance(event, Piece)]) > 3
    assert len(text_of(heard)) > 10
