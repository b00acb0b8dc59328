# The portal's one image: web, worker, beat and migrations differ in their command only. See docs/operations.md.
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media \
    NUMBA_CACHE_DIR=/tmp/numba

# The volume for media takes over the owner that the folder has here.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /srv/media

WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt
COPY . .

RUN pybabel --quiet compile --directory words --domain django && pybabel --quiet compile --directory locale --domain django

# Settings want to be told everything; nothing is connected to here, and nothing of this stays in the image.
RUN SECRET_KEY=not-used DATABASE_URL=postgres://none/none REDIS_URL=redis://none SITE_URL=https://none.example \
    EMAIL_URL=smtp://none DEFAULT_FROM_EMAIL=none@none.example \
    python manage.py collectstatic --noinput

USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s \
    CMD ["python", "-m", "core.probe", "http://127.0.0.1:8000/health/ready"]
CMD ["gunicorn", "--config", "gunicorn.conf.py"]
