#!/bin/sh
# What this container is: api, worker, tokens, house, hooks, scheduler, streams, prepare, or manage with a command of manage.py.
set -eu

role=${1:-api}
[ $# -eq 0 ] || shift

# An idle worker looks at its queue this often, and asks so soon again for a Redis that was away, in milliseconds;
# dramatiq's own second, and three seconds, are long for a person who waits.
export dramatiq_worker_timeout="${dramatiq_worker_timeout:-100}" dramatiq_restart_delay="${dramatiq_restart_delay:-300}"

# A worker that is told to stop claims nothing more, and finishes what is under way within 25 s: the container's grace
# must be longer (stop_grace_period in compose.yaml), or HMRC's answers, and with them landlords' grants, are lost.
work() {
  exec dramatiq "${actors:-workers.main}" --processes 1 --worker-shutdown-timeout 25000 "$@"
}

case $role in
  api)
    exec granian --interface wsgi --http 1 --no-ws --no-access-log --host 0.0.0.0 --port "${PORT:-8000}" \
      --workers "${WORKERS:-2}" --blocking-threads 4 --backlog 512 --backpressure 64 \
      --respawn-failed-workers --respawn-interval 1 --workers-kill-timeout 20 api.wsgi:application ;;
  worker) work --threads "${THREADS:-8}" --queues hmrc ;;
  tokens) work --threads "${THREADS:-24}" --queues tokens ;;
  hooks) actors=workers.hooks && work --threads "${THREADS:-16}" --queues hooks ;;
  house) work --threads "${THREADS:-4}" --queues house ;;
  streams) exec python manage.py streams --host 0.0.0.0 --port "${PORT:-8000}" ;;
  scheduler | prepare) exec python manage.py "$role" ;;
  manage) exec python manage.py "$@" ;;
  *)
    echo "quarterday: unknown role $role: api, worker, tokens, house, hooks, scheduler, streams, prepare or manage" >&2
    exit 2 ;;
esac
