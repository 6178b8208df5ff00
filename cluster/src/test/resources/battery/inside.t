Into a pod: commands and ports.

# exec: output, errors, exit code
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl exec one -- echo hi there
  hi there
  $ kubectl exec one -- sh -c 'echo out; echo err >&2' 2>/dev/null
  out
  $ kubectl exec one -- sh -c 'echo out; echo err >&2' 2>&1 >/dev/null
  err
  $ kubectl exec one -- sh -c 'exit 3'
  command terminated with exit code 3
  [3]
  $ kubectl exec one -- true

# exec: in the container's environment
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl exec one -c app -- sh -c 'echo $COLOR $HOSTNAME'
  red one
  $ kubectl exec one -- env | grep COLOR
  COLOR=red

# exec: standard input
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ printf 'a\nb\n' | kubectl exec -i one -- cat
  a
  b
  $ printf 'a\nb\n' | kubectl exec -i one -- wc -l
  2
  $ printf 'a\nb\n' | kubectl exec -i one -- head -1
  a
  $ head -c 3000000 /dev/zero | kubectl exec -i one -- cat | wc -c
  3000000

# exec: a terminal
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ script -qec 'kubectl exec -it one -- tty' /dev/null | grep -o '/dev/pts/[0-9]*'
  /dev/pts/\d+ (re)
  $ script -qec 'stty rows 33 cols 77; kubectl exec -it one -- sh -c "until stty size | grep 77; do sleep 0.1; done"' /dev/null | grep -o '33 77'
  33 77
  $ kubectl exec -it one -- echo no terminal here
  Unable to use a TTY - input is not a terminal or the right kind of file
  no terminal here

# exec: as older clients do, by SPDY
  $ export KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl exec one -- sh -c 'echo out; echo err >&2; exit 3' 2>/dev/null
  out
  [3]
  $ head -c 3000000 /dev/zero | kubectl exec -i one -- cat | wc -c
  3000000
  $ kubectl exec one -- no-such-command
  error: Internal error occurred: *exec: "no-such-command": executable file not found in $PATH* (glob)
  [1]

# exec: what cannot be
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl exec one -- no-such-command
  error: Internal error occurred: *exec: "no-such-command": executable file not found in $PATH* (glob)
  [1]
  $ kubectl exec one -c nothing -- true
  Error from server (BadRequest): container nothing is not valid for pod one
  [1]
  $ kubectl exec nothing -- true
  Error from server (NotFound): pods "nothing" not found
  [1]
  $ kubectl exec one
  error: you must specify at least one command for the container
  [1]

# exec into a deployment's pod
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl exec deployment/web -- sh -c 'echo $HOSTNAME'
  web-.* (re)

# port-forward to a pod, a deployment and a service
  $ kubectl apply -f server.yaml
  deployment.apps/server created
  service/server created
  $ kubectl rollout status deployment/server --timeout=90s | tail -1
  deployment "server" successfully rolled out
  $ pod=$(kubectl get pods -l app=server -o name)
  $ kubectl port-forward $pod --address 127.0.0.1 :8000 >pod.log 2>&1 & a=$!
  $ kubectl port-forward deployment/server --address 127.0.0.1 :http >deployment.log 2>&1 & b=$!
  $ kubectl port-forward service/server --address 127.0.0.1 :80 >service.log 2>&1 & c=$!
  $ KUBECTL_PORT_FORWARD_WEBSOCKETS=false kubectl port-forward $pod --address 127.0.0.1 :8000 >spdy.log 2>&1 & d=$!
  $ for log in pod deployment service spdy; do eventually 'grep -h Forwarding '$log.log; done
  Forwarding from 127.0.0.1:\d+ -> 8000 (re)
  Forwarding from 127.0.0.1:\d+ -> 8000 (re)
  Forwarding from 127.0.0.1:\d+ -> 8000 (re)
  Forwarding from 127.0.0.1:\d+ -> 8000 (re)
  $ ask() { curl -s -o /dev/null -w '%{http_code}\n' "http://127.0.0.1:$(grep -o '127.0.0.1:[0-9]*' $1 | head -1 | cut -d: -f2)/readyz"; }
  $ for log in pod deployment service spdy pod spdy; do ask $log.log; done
  200
  200
  200
  200
  200
  200
  $ kill $a $b $c $d
  $ grep -h Handling pod.log | sort -u
  Handling connection for \d+ (re)

# port-forward to a port where nobody listens
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl port-forward one --address 127.0.0.1 :9 >log 2>&1 & a=$!
  $ eventually 'grep -q Forwarding log'
  $ curl -s "http://127.0.0.1:$(grep -o '127.0.0.1:[0-9]*' log | cut -d: -f2)/" || true
  $ wait $a
  [1]
  $ grep -o -e 'error forwarding port 9 to pod' -e 'connection refused' -e 'error: lost connection to pod' log | sort -u
  connection refused
  error forwarding port 9 to pod
  error: lost connection to pod

# cp is refused @embedded
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl cp conf.yaml one:/tmp/conf.yaml
  Error from server (BadRequest): kubectl cp is not served by this cluster: a pod of this cluster is a process with its host's files, so there is no file system of its own to copy from or into
  [1]

# attach is refused @embedded
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl attach one
  ...
  Error from server (NotFound): pods/attach is not served by this cluster: a container's input is empty and its output goes to its log, which `kubectl logs -f` shows
  [1]

# debug is refused @embedded
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl debug one --image=$IMAGE
  ...
  error: ephemeral containers are disabled for this cluster (error from server: "pods/ephemeralcontainers is not served by this cluster: a pod is a process on its host* (glob)
  [1]

# kinds that are not served @embedded
  $ kubectl get statefulsets
  error: the server doesn't have a resource type "statefulsets"
  [1]
  $ kubectl create job made --image=$IMAGE
  ...
  [1]
