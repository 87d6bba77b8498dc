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
ENV PATH=/opt/trivet/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TRIVET_DATABASE_URL=sqlite+aiosqlite:////data/trivet.db \
    TRIVET_SOURCES=/sources
USER trivet
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["trivet"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
