#!/bin/bash
# Dit, point par point, si ce poste est prêt.
exec "$HOME/Library/Application Support/cpomdocs/env/bin/cpomdocs" poste verifier
