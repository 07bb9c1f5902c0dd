#!/bin/sh
# What the entry point of the image `redis` does: another user only for a plain redis-server of root's.
set -eu
exec "$@"
