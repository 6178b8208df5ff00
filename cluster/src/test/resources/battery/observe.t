Seeing what goes on: events, usage, logs.

# events
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl events --for deployment/web
  LAST SEEN +TYPE +REASON +OBJECT +MESSAGE (re)
  \d+s.* +Normal +ScalingReplicaSet +Deployment/web +Scaled up replica set web-.* from 0 to 2 (re)
  $ kubectl events --types=Warning --for deployment/web
  No events found in .* namespace. (re)
  $ kubectl get events --field-selector reason=ScalingReplicaSet,involvedObject.kind=Deployment
  LAST SEEN +TYPE +REASON +OBJECT +MESSAGE (re)
  \d+s +Normal +ScalingReplicaSet +deployment/web +Scaled up replica set web-.* from 0 to 2 (re)
  $ kubectl get events --sort-by=.lastTimestamp -o custom-columns=R:.reason --no-headers | grep -v MissingClusterDNS | sort -u
  Created
  Pulled
  ScalingReplicaSet
  Scheduled
  Started
  SuccessfulCreate

# top
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ eventually '[ "$(kubectl top pods -l app=web --no-headers 2>/dev/null | wc -l)" = 2 ]'
  $ kubectl top pods -l app=web
  NAME +CPU\(cores\) +MEMORY\(bytes\) * (re)
  web-\S+ +\d+m +\d+Mi * (re)
  web-\S+ +\d+m +\d+Mi * (re)
  $ kubectl top pods -l app=web --containers --sort-by=cpu --no-headers | wc -l
  2
  $ kubectl top nodes | head -1
  NAME +CPU\(cores\) +CPU\(?%\)? +MEMORY\(bytes\) +MEMORY\(?%\)? * (re)
  $ kubectl top pod nothing
  Error from server (NotFound): pods "nothing" not found
  [1]

# logs of a pod, a deployment and by labels
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ eventually '[ "$(kubectl logs -l app=web | wc -l)" = 6 ]'
  $ kubectl logs deployment/web 2>/dev/null
  one
  two
  three
  $ kubectl logs -l app=web --prefix --tail=1 | sort
  \[pod/web-\S+/app\] three (re)
  \[pod/web-\S+/app\] three (re)
  $ kubectl logs deployment/web --tail=2 2>/dev/null
  two
  three
  $ kubectl logs deployment/web --since=1h --limit-bytes=7 2>/dev/null
  one
  two (no-eol)
  $ kubectl logs deployment/web --timestamps 2>/dev/null
  20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\S* one (re)
  20.* two (re)
  20.* three (re)
  $ kubectl logs deployment/web --all-containers 2>/dev/null | wc -l
  3

# logs that are followed end with the container
  $ sed 's/exec sleep 3600/until [ -e \/tmp\/'$NS' ]; do sleep 0.1; done; echo bye/; s/^spec:/spec:\n  restartPolicy: Never/' pod.yaml | kubectl apply -f -
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl logs -f one >followed &
  $ follower=$!
  $ eventually 'grep hello followed'
  hello
  $ kubectl exec one -- touch /tmp/$NS
  $ wait $follower
  $ cat followed
  hello
  bye
  $ rm -f /tmp/$NS
  $ kubectl wait --for=jsonpath='{.status.phase}'=Succeeded pod/one --timeout=60s
  pod/one condition met
  $ kubectl logs one
  hello
  bye
  $ kubectl get pod one --no-headers
  one +0/1 +Completed +0 +\d+s (re)

# what a container says once it is told to end
  $ sed 's/exec sleep 3600/trap \\"echo bye; exit 4\\" TERM; while :; do sleep 0.1; done/; s/terminationGracePeriodSeconds: 1/terminationGracePeriodSeconds: 30\n  activeDeadlineSeconds: 3\n  restartPolicy: Never/' pod.yaml | kubectl apply -f -
  pod/one created
  $ kubectl wait --for=jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}'=4 pod/one --timeout=60s
  pod/one condition met
  $ kubectl get pod one -o jsonpath='{.status.reason}'
  DeadlineExceeded (no-eol)
  $ eventually 'kubectl logs one | grep bye'
  bye

# logs that are not there
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl logs one --previous
  Error from server (BadRequest): previous terminated container "app" in pod "one" not found
  [1]
  $ kubectl logs one -c nothing
  error: container nothing is not valid for pod one
  [1]
  $ kubectl get --raw "/api/v1/namespaces/$NS/pods/one/log?limitBytes=0&tailLines=-1&stream=Stderr"
  The PodLogOptions "one" is invalid: 
  * tailLines: Invalid value: -1: must be greater than or equal to 0
  * limitBytes: Invalid value: 0: must be greater than 0
  * stream: Forbidden: may not be specified
  [1]
  $ kubectl logs nothing
  error: error from server (NotFound): pods "nothing" not found in namespace "*" (glob)
  [1]

# logs of a container that cannot start
  $ sed 's/image: .*/image: example.com\/not-there:1/' pod.yaml | kubectl apply -f -
  pod/one created
  $ eventually 'kubectl get pod one --no-headers | grep -q -e ErrImagePull -e ImagePullBackOff'
  $ kubectl logs one
  Error from server \(BadRequest\): container "app" in pod "one" is waiting to start: (image can't be pulled|trying and failing to pull image) (re)
  [1]

# logs of the life before
  $ sed 's/exec sleep 3600/exit 3/' pod.yaml | kubectl apply -f -
  pod/one created
  $ kubectl wait pod one --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 --timeout=60s
  pod/one condition met
  $ eventually 'kubectl logs one --previous | grep hello'
  hello
  $ eventually 'kubectl get pod one --no-headers | grep CrashLoopBackOff'
  one +0/1 +CrashLoopBackOff +\d+ \(\d+s ago\) +\d+s (re)
  $ kubectl get pod one -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}'
  3 (no-eol)

# a container whose command is not there
  $ sed 's/command: .*/command: [no-such-command]/; s/^  containers:/  restartPolicy: Never\n&/' pod.yaml | kubectl apply -f -
  pod/one created
  $ kubectl wait --for=jsonpath='{.status.phase}'=Failed pod/one --timeout=60s
  pod/one condition met
  $ kubectl get pod one --no-headers
  one +0/1 +StartError +0 +\d+s (re)
  $ kubectl get pod one -o jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}'
  128 (no-eol)
  $ kubectl get pod one -o jsonpath='{.status.containerStatuses[0].state.terminated.message}'
  failed to create containerd task: failed to create shim task: OCI runtime create failed: *exec: "no-such-command": executable file not found in $PATH* (glob)
  $ eventually 'kubectl get events --field-selector reason=Failed -o custom-columns=M:.message --no-headers | grep -q "^Error: failed to create containerd task: "'
