"""Long bodies are let in for pieces of an upload that an administrator has begun, and for nothing else."""

from uuid import uuid4

import httpx
from house import House, Person

LONG = b"x" * 3_000_000  # longer than any other body may be
PIECE = 8 << 20


async def put(person: Person, address: str, token: str, content: bytes, *, size: int) -> httpx.Response:
    headers = {
        "X-Hearth-Upload": token,
        "X-CSRFToken": await person.token("/"),
        "Origin": person.house.origin,
        "Content-Range": f"bytes 0-{len(content) - 1}/{size}",
    }
    return await person.http.put(address, content=content, headers=headers)


async def test_a_piece_of_an_upload_may_be_long_and_nothing_else(house: House) -> None:
    ada = await house.person("ada")
    begun = (await ada.post("/models/uploads/", name="long.gguf", size="20000000")).json()
    address, token = begun["address"], begun["token"]
    stored = await put(ada, address, token, LONG, size=20_000_000)
    assert (stored.status_code, stored.json()["received"]) == (200, len(LONG))
    for path, said in ((address, "forged"), (address, ""), ("/chats/", token), (f"/models/uploads/{uuid4()}/", token)):
        assert (await put(ada, path, said, LONG, size=20_000_000)).status_code == 413, (path, said)
    assert (await put(ada, address, token, b"x" * (PIECE + 1), size=20_000_000)).status_code == 413
    bob = await house.person("bob")
    assert (await put(bob, address, token, LONG, size=20_000_000)).status_code == 404
    assert (await ada.post(f"{address}cancel/")).status_code == 302
    assert list((house.var / "models").iterdir()) == []
