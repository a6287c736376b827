# The images of Hearth: `web` for everything but models, `worker-cpu` and `worker-cuda` for models, `edge` for the door.
# Tags name major versions. For builds that are the same to the bit, give digests:
#   docker build --build-arg PYTHON=python:3.11-slim-bookworm@sha256:... (docs/compose.md)
ARG NODE=node:24-bookworm-slim
ARG PYTHON_BUILD=python:3.11-bookworm
ARG PYTHON=python:3.11-slim-bookworm
ARG CUDA_BUILD=nvidia/cuda:12.8.1-devel-ubuntu24.04
ARG CUDA=nvidia/cuda:12.8.1-runtime-ubuntu24.04
ARG CADDY=caddy:2

# What pages need, copied out of the locked packages.
FROM ${NODE} AS pages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/cache/npm npm ci --ignore-scripts --cache /cache/npm
COPY tools/vendor.mjs tools/
RUN node tools/vendor.mjs

# What Python needs, by hash; llama.cpp is compiled for any x86-64 or ARM processor of the last ten years.
FROM ${PYTHON_BUILD} AS build-cpu
ENV PIP_CACHE_DIR=/cache/pip UV_CACHE_DIR=/cache/uv UV_LINK_MODE=copy
WORKDIR /src
COPY requirements/uv.txt requirements/run.txt requirements/
RUN --mount=type=cache,target=/cache pip install --require-hashes -r requirements/uv.txt && python -m venv /opt/hearth
COPY tools/llama.cmake tools/
RUN --mount=type=cache,target=/cache \
    CMAKE_ARGS="-DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF -DCMAKE_PROJECT_INCLUDE=/src/tools/llama.cmake" \
    VIRTUAL_ENV=/opt/hearth uv pip install --require-hashes -r requirements/run.txt

# The same for NVIDIA's GPUs. A cache of its own: it knows versions, not what they were compiled for.
FROM ${CUDA_BUILD} AS build-cuda
ENV PIP_CACHE_DIR=/cache/pip UV_CACHE_DIR=/cache/uv UV_LINK_MODE=copy DEBIAN_FRONTEND=noninteractive
RUN apt-get update && apt-get install -y --no-install-recommends build-essential cmake git ninja-build python3-dev python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements/uv.txt requirements/run.txt requirements/
RUN --mount=type=cache,target=/cache,id=cuda python3 -m venv /opt/setup \
    && /opt/setup/bin/pip install --require-hashes -r requirements/uv.txt && python3 -m venv /opt/hearth
COPY tools/llama.cmake tools/
ARG CUDA_ARCHITECTURES="75;80;86;89;90"
# The driver's library is on the machine that runs it: here a stub stands for it, and may be left open.
RUN --mount=type=cache,target=/cache,id=cuda \
    CMAKE_ARGS="-DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF -DGGML_CUDA=on -DCMAKE_CUDA_ARCHITECTURES=${CUDA_ARCHITECTURES} -DCMAKE_EXE_LINKER_FLAGS=-Wl,--allow-shlib-undefined -DCMAKE_PROJECT_INCLUDE=/src/tools/llama.cmake" \
    VIRTUAL_ENV=/opt/hearth /opt/setup/bin/uv pip install --require-hashes -r requirements/run.txt

# The sources with what is made of them: pages' packages, compiled words.
FROM build-cpu AS source
WORKDIR /srv/hearth
COPY . .
COPY --from=pages /src/static/vendor static/vendor
RUN PYTHONPATH=/srv/hearth:/srv/hearth/platform /opt/hearth/bin/python -m tools.words compile \
    && install -m 755 tools/compose/alive /usr/local/bin/alive \
    && find . -name __pycache__ -prune -exec rm -r {} +

# What the processor's images run on: one user, its folders, nothing that compiles.
FROM ${PYTHON} AS on-cpu
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /var/lib/hearth --create-home hearth \
    && install -d -o hearth -g hearth -m 700 /var/lib/hearth/anchors /var/lib/hearth/files /var/lib/hearth/tombstones \
       /var/lib/hearth/exports /var/lib/hearth/imports /models /backup
COPY --from=build-cpu /opt/hearth /opt/hearth
COPY --from=source /usr/local/bin/alive /usr/local/bin/alive
COPY --from=source /srv/hearth /srv/hearth
WORKDIR /srv/hearth
ENV PATH=/opt/hearth/bin:$PATH PYTHONPATH=/srv/hearth:/srv/hearth/platform PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m compileall -q -j 0 /srv/hearth
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Hearth" \
      org.opencontainers.image.description="AI chat that stays in the house" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 10001:10001

# Web, housekeeping, beat, the migration and the backup.
FROM on-cpu AS web
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=2 CMD ["alive", "web"]
CMD ["daphne", "-e", "tcp:port=8000:interface=0.0.0.0:backlog=1024", "--websocket_connect_timeout", "15", "--websocket-max-message-size", "65536", "--no-server-name", "config.asgi:application"]

FROM on-cpu AS worker-cpu
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=2 CMD ["alive", "host"]
CMD ["celery", "-A", "config", "worker", "-n", "host@%h", "-Q", "models", "--pool", "threads", "--concurrency", "8", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]

FROM ${CUDA} AS worker-cuda
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 python3 && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /var/lib/hearth --create-home hearth \
    && install -d -o hearth -g hearth -m 700 /var/lib/hearth/files /models
COPY --from=build-cuda /opt/hearth /opt/hearth
COPY --from=source /usr/local/bin/alive /usr/local/bin/alive
COPY --from=source /srv/hearth /srv/hearth
WORKDIR /srv/hearth
ENV PATH=/opt/hearth/bin:$PATH PYTHONPATH=/srv/hearth:/srv/hearth/platform PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
RUN python -m compileall -q -j 0 /srv/hearth
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Hearth, for NVIDIA's GPUs" \
      org.opencontainers.image.description="AI chat that stays in the house" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=20s --start-period=120s --retries=2 CMD ["alive", "host"]
CMD ["celery", "-A", "config", "worker", "-n", "host@%h", "-Q", "models", "--pool", "threads", "--concurrency", "8", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]

# The door. A copy of the program carries no capability: it needs none, and is started without any.
FROM ${CADDY} AS edge
RUN cp /usr/bin/caddy /usr/bin/hearth-edge && rm /usr/bin/caddy && mkdir -p /data /config /tls \
    && chown -R 10001:10001 /data /config /tls
COPY tools/compose/edge /etc/caddy
LABEL org.opencontainers.image.title="Hearth's edge"
USER 10001:10001
WORKDIR /etc/caddy
HEALTHCHECK --interval=15s --timeout=5s --start-period=5s --retries=3 CMD ["nc", "-z", "127.0.0.1", "443"]
CMD ["hearth-edge", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
