"""A bundle: what is in it, that every changed byte is found, and that it starts where there is no network."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tools.bundle import images, signing, tree, wheels
from tools.locked import ROOT, Locked

VERIFY = [sys.executable, str(ROOT / "tools" / "verify_bundle.py")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle of two files, listed."""
    made = tmp_path / "bundle"
    (made / "wheels").mkdir(parents=True)
    (made / "tree.tar").write_bytes(b"tree")
    (made / "wheels" / "a.whl").write_bytes(b"wheel")
    signing.write_sums(made)
    return made


def verified(folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run([*VERIFY, str(folder), *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_whole_bundle_is_sound_and_says_when_nobody_looked_at_its_signature(folder: Path) -> None:
    code, said = verified(folder)
    assert code == 0
    assert said.startswith("2 files are as listed, and the list is NOT checked for its signature")


def test_every_change_is_named(folder: Path) -> None:
    (folder / "tree.tar").write_bytes(b"Tree")
    (folder / "wheels" / "a.whl").unlink()
    (folder / "more").write_text("")
    code, said = verified(folder)
    assert code == 1
    assert said.splitlines() == [
        "wheels/a.whl is missing.",
        "more is not listed.",
        "tree.tar is another file than the listed one.",
    ]


def test_a_link_stands_for_no_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_bytes(b"tree")
    (folder / "tree.tar").unlink()
    (folder / "tree.tar").symlink_to(tmp_path / "outside")
    assert verified(folder) == (1, "tree.tar is another file than the listed one.\n")


@pytest.mark.parametrize("line", ["ab  ../x", "nonsense", "0" * 64 + "  /etc/passwd"])
def test_a_list_that_leads_elsewhere_is_none(folder: Path, line: str) -> None:
    (folder / "SHA256SUMS").write_text(line + "\n")
    code, said = verified(folder)
    assert (code, said.startswith("SHA256SUMS has a line that is none")) == (1, True)


def test_a_signature_is_of_one_key_and_one_list(folder: Path) -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = signing.public_half(key)
    assert verified(folder, "--key", public) == (1, "The bundle is not signed, or the key is none.\n")
    signing.sign(folder, key)
    assert verified(folder, "--key", "") == (1, "The signature is not of this key.\n")
    code, said = verified(folder, "--key", public)
    assert (code, said.strip().endswith("the list is signed with this key.")) == (0, True)
    assert verified(folder, "--key", signing.public_half(other)) == (1, "The signature is not of this key.\n")
    with (folder / "SHA256SUMS").open("a") as sums:
        sums.write("0" * 64 + "  more\n")
    assert verified(folder, "--key", public) == (1, "The signature is not of this key.\n")


def test_a_release_key_is_64_hex_digits(tmp_path: Path) -> None:
    file = tmp_path / "release.key"
    file.write_text("11" * 32 + "\n")
    assert len(signing.public_half(signing.key_in(file))) == 64
    file.write_text("11" * 31)
    for none in (file, tmp_path / "nowhere"):
        with pytest.raises(tree.CannotBundle, match="is no release key"):
            signing.key_in(none)


def git(where: Path, *words: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *words], cwd=where, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small repository with a front end that is as its lock file says."""
    root = tmp_path / "checkout"
    for name in ("package.json", "package-lock.json", "tools/vendor.mjs", "static/hearth.css"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "One")
    (root / "static" / "vendor").mkdir()
    (root / "static" / "vendor" / "katex.css").write_text("")
    (root / ".setup").mkdir()
    names = ("package.json", "package-lock.json", "tools/vendor.mjs")
    (root / ".setup" / "pages").write_text(tree.stamp(root / name for name in names) + "\n")
    return root


def test_the_tree_is_what_is_committed_with_its_front_end(checkout: Path, tmp_path: Path) -> None:
    (checkout / "secret").write_text("never committed")
    assert tree.is_dirty(checkout)
    tree.export(checkout, tmp_path / "tree")
    tree.add_front_end(checkout, tmp_path / "tree")
    assert tree.files_of(tmp_path / "tree") == [
        ".setup/pages",
        "package-lock.json",
        "package.json",
        "static/hearth.css",
        "static/vendor/katex.css",
        "tools/vendor.mjs",
    ]


def test_a_front_end_of_other_packages_is_refused(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".setup" / "pages").write_text("another\n")
    tree.export(checkout, tmp_path / "tree")
    with pytest.raises(tree.CannotBundle, match="run `make setup` first"):
        tree.add_front_end(checkout, tmp_path / "tree")


def test_the_stamp_is_that_of_the_set_up(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    shown = subprocess.run("cat a b | sha256sum | cut -c1-32", shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert tree.stamp([tmp_path / "a", tmp_path / "b"]) == shown.stdout.strip()


def test_the_same_tree_is_the_same_archive(checkout: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        tree.export(checkout, tmp_path / name)
        os.utime(tmp_path / name / "package.json", (1, 1) if name == "one" else (2, 2))
        tree.pack(tmp_path / name, tmp_path / f"{name}.tar")
    one, two = ((tmp_path / f"{name}.tar").read_bytes() for name in ("one", "two"))
    assert hashlib.sha256(one).digest() == hashlib.sha256(two).digest()


def test_outside_of_git_there_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(tree.CannotBundle, match="git checkout"):
        tree.commit_of(tmp_path)


def test_wheels_are_required_by_the_hashes_that_they_have(tmp_path: Path) -> None:
    (tmp_path / "typing_extensions-4.0-py3-none-any.whl").write_bytes(b"wheel")
    wanted = [Locked("typing-extensions", "4.0", "", ("0" * 64,))]
    wheels.write_requirements(wanted, tmp_path, tmp_path / "run.txt")
    digest = hashlib.sha256(b"wheel").hexdigest()
    assert (tmp_path / "run.txt").read_text() == f"typing-extensions==4.0 \\\n    --hash=sha256:{digest}\n"
    with pytest.raises(tree.CannotBundle, match="no wheel of numpy"):
        wheels.write_requirements([Locked("numpy", "2.0", "", ())], tmp_path, tmp_path / "run.txt")


def test_a_wheel_of_something_else_is_refused(tmp_path: Path) -> None:
    wanted = Locked(wheels.LLAMA, "0.3.36", "", ())
    given = tmp_path / "llama_cpp_python-0.3.35-py3-none-any.whl"
    with pytest.raises(tree.CannotBundle, match=r"is not llama-cpp-python 0\.3\.36"):
        wheels.llama(ROOT, Path(sys.executable), wanted, given=given)
    right = tmp_path / "llama_cpp_python-0.3.36-py3-none-any.whl"
    assert wheels.llama(ROOT, Path(sys.executable), wanted, given=right) == right


def test_markers_of_other_machines_are_left_out() -> None:
    found = {one.name for one in wheels.of_set(ROOT, "run")}
    assert {"django", "llama-cpp-python", "psycopg"} <= found
    assert not Locked("numpy", "2", "python_full_version >= '4'", ()).is_for_here


def test_without_an_engine_the_manifest_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(images, "has_engine", lambda: False)
    assert images.save(ROOT, tmp_path / "images.tar") == images.NO_ENGINE
    assert not (tmp_path / "images.tar").exists()


def made(tmp_path: Path, *, files: dict[str, str], name: str) -> Path:
    """Return an unpacked bundle with a tree of these files."""
    folder = tmp_path / name
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "run.txt").write_text(name)
    for path, text in files.items():
        (tmp_path / f"tree-{name}" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"tree-{name}" / path).write_text(text)
    tree.pack(tmp_path / f"tree-{name}", folder / "tree.tar")
    (folder / "MANIFEST.json").write_text(json.dumps({"python": "{}.{}".format(*sys.version_info)}, indent=1))
    for beside in ("tools/verify_bundle.py", "tools/verify_audit_export.py", "tools/bundle/install.sh"):
        shutil.copy2(ROOT / beside, folder)
    signing.write_sums(folder)
    return folder


def install(folder: Path, to: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {"PATH": os.environ["PATH"], "PYTHON_FOR_SETUP": sys.executable}
    command = [str(folder / "install.sh"), str(to), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def test_an_upgrade_takes_what_is_gone_away_and_leaves_data(tmp_path: Path) -> None:
    to = tmp_path / "hearth"
    one = made(tmp_path, files={".setup/pages": "1", "chat/old.py": "", "chat/kept.py": "1"}, name="one")
    assert install(one, to).returncode == 0
    (to / "var").mkdir()
    (to / "var" / "secret_key").write_text("kept")
    two = made(tmp_path, files={".setup/pages": "2", "chat/new.py": "", "chat/kept.py": "2"}, name="two")
    assert install(two, to).returncode == 0
    assert sorted(file.name for file in (to / "chat").iterdir()) == ["kept.py", "new.py"]
    assert (to / "chat" / "kept.py").read_text() == "2"
    assert (to / "var" / "secret_key").read_text() == "kept"
    assert (to / "wheels" / "run.txt").read_text() == "two"


def test_what_was_changed_on_the_way_is_not_installed(tmp_path: Path) -> None:
    folder = made(tmp_path, files={".setup/pages": "1"}, name="one")
    (folder / "tree.tar").write_bytes(b"another")
    done = install(folder, tmp_path / "hearth")
    assert done.returncode == 1
    assert "tree.tar is another file than the listed one." in done.stderr
    assert not (tmp_path / "hearth").exists()


def test_checking_a_bundle_leaves_nothing_in_it(tmp_path: Path) -> None:
    folder = made(tmp_path, files={".setup/pages": "1"}, name="one")
    command = [sys.executable, str(folder / "verify_bundle.py"), str(folder)]
    for _ in range(2):
        done = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert install(folder, tmp_path / "hearth").returncode == 0


def test_a_key_that_is_named_and_empty_is_none(tmp_path: Path) -> None:
    folder = made(tmp_path, files={".setup/pages": "1"}, name="one")
    signing.sign(folder, Ed25519PrivateKey.generate())
    done = install(folder, tmp_path / "hearth", "")
    assert (done.returncode, done.stderr) == (1, "The signature is not of this key.\n")
    assert not (tmp_path / "hearth").exists()


def test_another_python_is_told_before_anything_is_written(tmp_path: Path) -> None:
    folder = made(tmp_path, files={".setup/pages": "1"}, name="one")
    (folder / "MANIFEST.json").write_text('{\n "python": "3.99"\n}')
    done = install(folder, tmp_path / "hearth")
    assert "are for Python 3.99" in done.stderr
    assert not (tmp_path / "hearth").exists()


# Runs without a network and without anything else of this machine's: brings its loopback up, starts, looks, ends.
ALONE = """
import fcntl, os, signal, socket, struct, subprocess, sys, time
from pathlib import Path
from urllib.request import urlopen

tree, port = sys.argv[1:]
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 1))
assert len(Path("/proc/net/route").read_text().splitlines()) == 1, "there is a route out"
log = open("up.log", "w")
began = time.monotonic()
up = subprocess.Popen(["make", "run", "PORT=" + port], cwd=tree, stdout=log, stderr=log, start_new_session=True)
answer = 0
while not answer and up.poll() is None and time.monotonic() - began < 200:
    try:
        answer = urlopen("http://127.0.0.1:" + port + "/account/login/", timeout=5).status
    except OSError:
        time.sleep(0.5)
print(answer, round(time.monotonic() - began, 1), "s")
os.killpg(up.pid, signal.SIGINT)
up.wait(30)
"""


@pytest.mark.prove
def test_a_bundle_starts_where_there_is_no_network(tmp_path: Path) -> None:
    """HEARTH_BUNDLE names a finished bundle; without it the newest one in dist/ is taken."""
    named = os.environ.get("HEARTH_BUNDLE", "")
    found = [Path(named)] if named else sorted((ROOT / "dist").glob("hearth-*.tar"))
    assert found, "Make a bundle first: `make bundle`, or name one in HEARTH_BUNDLE."
    with tarfile.open(found[-1]) as tar:
        tar.extractall(tmp_path, filter="data")
    [folder] = tmp_path.glob("hearth-*")
    done = install(folder, tmp_path / "house")
    assert done.returncode == 0, done.stderr
    (tmp_path / "home").mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "PYTHON_FOR_SETUP": sys.executable}
    command = ["unshare", "-rn", sys.executable, "-c", ALONE, str(tmp_path / "house"), "8765"]
    alone = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert alone.stdout.startswith("200 "), alone.stdout + alone.stderr + (tmp_path / "up.log").read_text()
    assert not (tmp_path / "house" / "var" / "processes.json").exists()
