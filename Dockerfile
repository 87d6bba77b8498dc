FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml uv.lock ./
# the version of uv is pinned in pyproject.toml
RUN pip install --no-cache-dir "$(sed -n 's/.*"\(uv==[^"]*\)".*/\1/p' pyproject.toml)"
COPY LICENSE ./
COPY client client
COPY service service
RUN UV_PROJECT_ENVIRONMENT=/opt/trivet UV_PYTHON_DOWNLOADS=never \
    uv sync --frozen --no-cache --compile-bytecode --no-dev --no-editable --package trivet

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --no-create-home trivet \
    && install --directory --owner trivet --group trivet /data
COPY --from=build /opt/trivet /opt/trivet
# Unless it is told where, it keeps everything in /data/trivet.
ENV PATH=/opt/trivet/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    XDG_DATA_HOME=/data \
    TRIVET_SOURCES=/sources
USER trivet
EXPOSE 8000
ENTRYPOINT ["trivet"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
