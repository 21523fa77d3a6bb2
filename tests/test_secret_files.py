"""Generated secrets are drawn once, kept, and never half read."""

import multiprocessing
import stat
from multiprocessing.synchronize import Barrier as BarrierType
from pathlib import Path

import pytest

from signoff.secret_files import engine_token, secret_keys
from signoff.settings import Settings, SettingsError


def settings_in(folder: Path, **environ: str) -> Settings:
    """Return settings whose data directory is a folder that may not exist."""
    return Settings.from_environment({"SIGNOFF_DATA_DIR": str(folder / "d"), **environ})


def test_the_token_is_drawn_once(tmp_path: Path) -> None:
    """The second start reads what the first one drew."""
    settings = settings_in(tmp_path)
    token = engine_token(settings)
    assert len(token) >= 43
    assert engine_token(settings) == token


def test_the_secret_is_drawn_once_and_signs(tmp_path: Path) -> None:
    """What was mailed yesterday can be opened today."""
    settings = settings_in(tmp_path)
    keys, signing = secret_keys(settings)
    assert list(keys) == [signing]
    assert len(keys[signing]) >= 43
    assert secret_keys(settings) == (keys, signing)


@pytest.mark.parametrize("name", ["engine-token", "secret-keys"])
def test_only_the_owner_can_read_them(tmp_path: Path, name: str) -> None:
    """Neither file nor folder is anybody else's, and nothing is left beside."""
    settings = settings_in(tmp_path)
    engine_token(settings)
    secret_keys(settings)
    assert stat.S_IMODE((settings.data_dir / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert len(list(settings.data_dir.iterdir())) == 2


def test_what_is_set_needs_no_file(tmp_path: Path) -> None:
    """With secrets of the environment the data directory is not touched."""
    settings = settings_in(
        tmp_path, RESONATE_TOKEN="t", SIGNOFF_SECRET_KEYS="b:0123456789abcdef"
    )
    assert engine_token(settings) == "t"
    assert secret_keys(settings) == ({"b": b"0123456789abcdef"}, "b")
    assert not settings.data_dir.exists()


@pytest.mark.parametrize("damage", ["", "nonsense", "a:short"])
def test_a_damaged_secret_is_said_and_kept(tmp_path: Path, damage: str) -> None:
    """Drawing another one would void every link that was mailed."""
    settings = settings_in(tmp_path)
    settings.data_dir.mkdir()
    (settings.data_dir / "secret-keys").write_text(damage)
    with pytest.raises(SettingsError, match="secret-keys: the file is damaged"):
        secret_keys(settings)
    assert (settings.data_dir / "secret-keys").read_text() == damage


def test_a_damaged_token_is_said(tmp_path: Path) -> None:
    """An empty token would let nobody in, or everybody."""
    settings = settings_in(tmp_path)
    settings.data_dir.mkdir()
    (settings.data_dir / "engine-token").write_text("")
    with pytest.raises(SettingsError, match="engine-token: the file is damaged"):
        engine_token(settings)


def test_a_signing_key_that_was_not_generated_is_refused(tmp_path: Path) -> None:
    """Naming a secret that nobody has is a mistake in the settings."""
    settings = settings_in(tmp_path, SIGNOFF_SIGNING_KEY="z")
    with pytest.raises(SettingsError, match="'z' is none of the generated"):
        secret_keys(settings)


def test_processes_that_start_first_together_agree(tmp_path: Path) -> None:
    """Each may draw, one wins, and all go by the winner's."""
    context = multiprocessing.get_context("spawn")
    barrier, found = context.Barrier(4), context.SimpleQueue()
    starters = [
        context.Process(target=_start, args=(tmp_path, barrier, found))
        for _ in range(4)
    ]
    for starter in starters:
        starter.start()
    tokens = {found.get() for _ in starters}
    for starter in starters:
        starter.join()
    assert len(tokens) == 1


def _start(
    folder: Path,
    barrier: BarrierType,
    found: "multiprocessing.SimpleQueue[str]",
) -> None:
    barrier.wait()
    found.put(engine_token(settings_in(folder)))
