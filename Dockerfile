# One image for every process of Hearth.
FROM node:24-bookworm-slim AS pages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tools/vendor.mjs tools/
RUN node tools/vendor.mjs

FROM python:3.11-bookworm AS build
WORKDIR /src
COPY requirements requirements
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt && python -m venv /opt/hearth
COPY tools/llama.cmake tools/
RUN CMAKE_ARGS="-DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF -DCMAKE_PROJECT_INCLUDE=/src/tools/llama.cmake" \
    VIRTUAL_ENV=/opt/hearth uv pip install --no-cache --require-hashes -r requirements/run.txt

FROM python:3.11-slim-bookworm AS hearth
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home /var/lib/hearth --create-home hearth \
    && install -d -o hearth -g hearth -m 700 /var/lib/hearth/anchors /var/lib/hearth/files \
       /var/lib/hearth/tombstones /var/lib/hearth/exports /var/lib/hearth/imports
COPY --from=build /opt/hearth /opt/hearth
WORKDIR /srv/hearth
COPY . .
COPY --from=pages /src/static/vendor static/vendor
ENV PATH=/opt/hearth/bin:$PATH PYTHONPATH=/srv/hearth:/srv/hearth/platform PYTHONUNBUFFERED=1
RUN python -m tools.words compile
USER 10001:10001
