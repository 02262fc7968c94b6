# eligex as a command and as a service:
#   docker build -t eligex .
#   docker run --rm -i eligex extract - < text.txt
#   docker run --rm -p 127.0.0.1:8000:8000 eligex serve --host 0.0.0.0
FROM python:3.11-slim AS build
WORKDIR /source
COPY . .
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.11-slim
COPY --from=build /wheels /wheels
RUN python -m pip install --no-cache-dir "$(ls /wheels/eligex-*.whl)[web,sql,postgres]" && rm -r /wheels \
    && useradd --create-home eligex
USER eligex
WORKDIR /home/eligex
ENV OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1
EXPOSE 8000
# Only a service can be asked how it is.
HEALTHCHECK --start-period=60s CMD grep -q serve /proc/1/cmdline || exit 0; python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"
ENTRYPOINT ["eligex"]
CMD ["--help"]
