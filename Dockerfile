# One image for every process: `signoff worker`, `signoff mail-gateway`, …
# What it installs is pinned with hashes (scripts/pin.py); pip takes it from
# whichever index the build machine is set up for.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/signoff
WORKDIR /src
# Before our own code: this layer changes only with the pins.
COPY requirements.txt ./
RUN /opt/signoff/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE mailpit.env ./
COPY signoff signoff
COPY services services
COPY templates templates
RUN pip wheel --no-deps --wheel-dir /wheels . \
 && /opt/signoff/bin/pip install --no-deps --no-index /wheels/*.whl \
 && /opt/signoff/bin/pip check

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --no-create-home signoff \
 && install --directory --owner signoff --group signoff --mode 0700 /var/lib/signoff
COPY --from=build /opt/signoff /opt/signoff
ENV PATH=/opt/signoff/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SIGNOFF_DATA_DIR=/var/lib/signoff
# Modules of SIGNOFF_WORKFLOWS are found here; no process of ours can write here.
WORKDIR /srv/signoff
USER 10001:10001
# The HTTP gateway and the mail gateway.
EXPOSE 5001 2525
ENTRYPOINT ["signoff"]
CMD ["--help"]
