Making, changing and removing single objects.

# create, and what is there already
  $ kubectl create -f conf.yaml
  configmap/conf created
  $ kubectl create -f conf.yaml
  Error from server (AlreadyExists): error when creating "conf.yaml": configmaps "conf" already exists
  [1]

# create by words
  $ kubectl create configmap words --from-literal=a=1
  configmap/words created
  $ kubectl create secret generic safe --from-literal=k=v
  secret/safe created
  $ kubectl create serviceaccount bot
  serviceaccount/bot created
  $ kubectl create deployment made --image=$IMAGE --replicas=0
  deployment.apps/made created
  $ kubectl create service clusterip made --tcp=80:8000
  service/made created
  $ kubectl create poddisruptionbudget made --selector=app=made --min-available=1 2>/dev/null
  poddisruptionbudget.policy/made created
  $ kubectl get secret safe -o jsonpath='{.data.k}'
  dg== (no-eol)

# create a secret that lacks what its type needs
  $ kubectl create secret generic safe --type=kubernetes.io/tls --from-literal=k=v
  error: failed to create secret Secret "safe" is invalid: [data[tls.crt]: Required value, data[tls.key]: Required value]
  [1]
  $ kubectl create secret generic safe --type=kubernetes.io/basic-auth --from-literal=k=v
  error: failed to create secret Secret "safe" is invalid: [data[username]: Required value, data[password]: Required value]
  [1]
  $ kubectl create secret generic safe --type=kubernetes.io/ssh-auth --from-literal=k=v
  error: failed to create secret Secret "safe" is invalid: data[ssh-privatekey]: Required value
  [1]
  $ kubectl create secret generic safe --type=kubernetes.io/dockerconfigjson --from-literal=.dockerconfigjson=v 2>&1 | cut -d: -f1-5
  error: failed to create secret Secret "safe" is invalid: data[.dockerconfigjson]: Invalid value: "<secret contents redacted>"
  $ kubectl create secret generic safe --type=kubernetes.io/basic-auth --from-literal=username=v
  secret/safe created

# create with a generated name
  $ kubectl create -f generated.yaml
  configmap/gen-[a-z0-9]{5} created (re)

# create in a namespace that is not there
  $ kubectl create -n not-there-$NS -f conf.yaml
  Error from server \(NotFound\): error when creating "conf.yaml": namespaces "not-there-.*" not found (re)
  [1]

# create of what cannot be read
  $ printf '{"apiVersion":"v1","kind":"ConfigMap"' | kubectl create --raw /api/v1/namespaces/$NS/configmaps -f -
  Error from server (BadRequest): the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input ({"apiVersion":"v1","kind":"Con ...)
  [1]
  $ printf 'kind: ConfigMap' | kubectl create --raw /api/v1/namespaces/$NS/configmaps -f -
  Error from server (BadRequest): the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'k' looking for beginning of value (6b696e643a20436f6e6669674d6170)
  [1]
  $ printf '{"kind":5}' | kubectl create --raw /api/v1/namespaces/$NS/configmaps -f -
  Error from server (BadRequest): the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string ({"kind":5})
  [1]

# replace, what is not there, and by force
  $ kubectl replace -f conf.yaml
  Error from server (NotFound): error when replacing "conf.yaml": configmaps "conf" not found
  [1]
  $ kubectl create -f conf.yaml
  configmap/conf created
  $ kubectl replace -f conf-blue.yaml
  configmap/conf replaced
  $ uid=$(kubectl get configmap conf -o jsonpath='{.metadata.uid}')
  $ kubectl replace --force -f conf.yaml
  configmap "conf" deleted.* (re)
  configmap/conf replaced
  $ test "$uid" != "$(kubectl get configmap conf -o jsonpath='{.metadata.uid}')"

# replace of what somebody else has changed meanwhile
  $ kubectl create -f conf.yaml
  configmap/conf created
  $ kubectl get configmap conf -o yaml >old.yaml
  $ kubectl label configmap conf tier=b --overwrite
  configmap/conf labeled
  $ kubectl replace -f old.yaml
  Error from server (Conflict): error when replacing "old.yaml": Operation cannot be fulfilled on configmaps "conf": the object has been modified; please apply your changes to the latest version and try again
  [1]

# edit, and without change
  $ kubectl create -f conf.yaml
  configmap/conf created
  $ KUBE_EDITOR="sed -i s/red/green/" kubectl edit configmap conf
  configmap/conf edited
  $ kubectl get configmap conf -o jsonpath='{.data.color}'
  green (no-eol)
  $ KUBE_EDITOR=true kubectl edit configmap conf
  Edit cancelled, no changes made.

# patch: strategic, merge, json
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl patch deployment idle -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","env":[{"name":"A","value":"1"}]}]}}}}'
  deployment.apps/idle patched
  $ kubectl patch deployment idle -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","env":[{"name":"B","value":"2"}]}]}}}}'
  deployment.apps/idle patched
  $ kubectl get deployment idle -o jsonpath='{.spec.template.spec.containers[0].env[*].name}'
  B A (no-eol)
  $ kubectl patch deployment idle --type=merge -p '{"spec":{"revisionHistoryLimit":3}}'
  deployment.apps/idle patched
  $ kubectl patch deployment idle --type=merge -p '{"spec":{"revisionHistoryLimit":3}}'
  deployment.apps/idle patched (no change)
  $ kubectl patch deployment idle --type=json -p '[{"op":"test","path":"/spec/revisionHistoryLimit","value":3},{"op":"replace","path":"/spec/revisionHistoryLimit","value":4}]'
  deployment.apps/idle patched
  $ kubectl patch deployment idle --type=json -p '[{"op":"remove","path":"/spec/nothing"}]'
  The request is invalid: the server rejected our request due to an error in our request* (glob)
  [1]
  $ kubectl get deployment idle -o jsonpath='{.spec.revisionHistoryLimit}'
  4 (no-eol)

# patch: what cannot be
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl patch deployment idle -p '{"spec":{"replicas":"x"}}'
  The request is invalid: patch: Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32
  [1]
  $ kubectl patch deployment idle --type=merge -p '{"spec":{"replicas":"x"}}'
  The request is invalid: patch: Invalid value: "*": json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32 (glob)
  [1]
  $ kubectl patch deployment idle --type=json -p '[{"op":"test","path":"/spec/replicas","value":7}]'
  The request is invalid: the server rejected our request due to an error in our request
  [1]
  $ kubectl patch deployment idle --type=merge -p '{"metadata":{"uid":"u"}}'
  The Deployment "idle" is invalid: metadata.uid: Invalid value: "u": field is immutable
  [1]
  $ sed -i 's/replicas: 0/replica: 0/' idle.yaml
  $ kubectl apply -f idle.yaml
  The request is invalid: patch: Invalid value: "map[*": strict decoding error: unknown field "spec.replica" (glob)
  [1]
  $ kubectl apply --server-side --force-conflicts -f idle.yaml
  Error from server: failed to create typed patch object (*/idle; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema (glob)
  [1]

# patch of subresources
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl patch deployment idle --subresource=scale --type=merge -p '{"spec":{"replicas":0}}'
  scale.autoscaling/idle patched.* (re)
  $ kubectl patch deployment idle --subresource=status --type=merge -p '{"spec":{"revisionHistoryLimit":7}}'
  deployment.apps/idle patched.* (re)
  $ kubectl get deployment idle -o jsonpath='{.spec.revisionHistoryLimit}'
  10 (no-eol)
  $ kubectl get deployment idle --subresource=scale
  NAME +DESIRED +AVAILABLE +AGE (re)
  idle +0 +0 +\d+s (re)

# label
  $ kubectl create -f conf.yaml
  configmap/conf created
  $ kubectl label configmap conf color=red
  configmap/conf labeled
  $ kubectl label configmap conf color=red
  configmap/conf not labeled
  $ kubectl label configmap conf color=blue
  error: 'color' already has a value (red), and --overwrite is false
  [1]
  $ kubectl label configmap conf color=blue --overwrite
  configmap/conf labeled
  $ kubectl label configmap conf color-
  configmap/conf unlabeled
  $ kubectl label configmap conf --list
  tier=a
  $ kubectl label configmap conf color='not a value'
  error: invalid label value: "color=not a value": a valid label must be an empty string or consist of * (glob)
  [1]

# annotate
  $ kubectl create -f conf.yaml
  configmap/conf created
  $ kubectl annotate configmap conf note='a long one'
  configmap/conf annotated
  $ kubectl annotate configmap -l tier=a note-
  configmap/conf annotated
  $ kubectl get configmap conf -o jsonpath='{.metadata.annotations}'

# delete by name, by file and by selector
  $ kubectl apply -f folder -f conf.yaml
  configmap/a created
  configmap/b created
  configmap/conf created
  $ kubectl delete configmap conf
  configmap "conf" deleted.* (re)
  $ kubectl delete configmap conf
  Error from server (NotFound): configmaps "conf" not found
  [1]
  $ kubectl delete configmap conf --ignore-not-found
  $ kubectl delete configmap -l set=folder
  configmap "a" deleted.* (re)
  configmap "b" deleted.* (re)
  $ kubectl delete configmap -l set=folder
  No resources found

# delete as a dry run deletes nothing
  $ kubectl apply -f idle.yaml -f conf.yaml
  deployment.apps/idle created
  configmap/conf created
  $ kubectl delete deployment idle --dry-run=server
  deployment.apps "idle" deleted.* \(server dry run\) (re)
  $ kubectl delete deployment --all --dry-run=server
  deployment.apps "idle" deleted.* \(server dry run\) (re)
  $ kubectl delete deployment idle --dry-run=client
  deployment.apps "idle" deleted.* \(dry run\) (re)
  $ kubectl delete -f conf.yaml --dry-run=server
  configmap "conf" deleted.* \(server dry run\) (re)
  $ kubectl get deployment,configmap idle conf --ignore-not-found -o name
  deployment.apps/idle
  configmap/conf

# delete waits for a pod's end, unless it is told not to
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl delete pod one
  pod "one" deleted.* (re)
  $ kubectl get pod one
  Error from server (NotFound): pods "one" not found
  [1]
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl delete pod one --wait=false
  pod "one" deleted.* (re)
  $ kubectl wait --for=delete pod/one --timeout=60s
  ...

# delete at once
  $ kubectl apply -f pod.yaml
  pod/one created
  $ kubectl wait --for=condition=Ready pod/one --timeout=60s
  pod/one condition met
  $ kubectl delete pod one --grace-period=0 --force
  Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.
  pod "one" force deleted.* (re)
  $ kubectl get pod one
  Error from server (NotFound): pods "one" not found
  [1]

# --cascade=orphan leaves what it made
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl delete deployment web --cascade=orphan
  deployment.apps "web" deleted.* (re)
  $ kubectl get replicasets -l app=web --no-headers
  web-\S+ +2 +2 +2 +\d+s (re)
  $ eventually '[ -z "$(kubectl get replicasets -l app=web -o jsonpath="{.items[*].metadata.ownerReferences}")" ]'
  $ kubectl delete replicaset -l app=web --cascade=orphan
  replicaset.apps "web-.*" deleted.* (re)
  $ kubectl get pods -l app=web --no-headers | grep -c Running
  2

# --cascade=foreground is done when all is gone
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl delete deployment web --cascade=foreground
  deployment.apps "web" deleted.* (re)
  $ kubectl get replicasets,pods -l app=web
  No resources found in .* namespace. (re)

# --cascade=background leaves the rest to the garbage collector
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl delete deployment web --cascade=background
  deployment.apps "web" deleted.* (re)
  $ eventually '[ -z "$(kubectl get replicasets,pods -l app=web -o name)" ]'

# a namespace takes all with it
  $ kubectl create namespace $NS-more
  namespace/.*-more created (re)
  $ kubectl -n $NS-more apply -f conf.yaml
  configmap/conf created
  $ kubectl delete namespace $NS-more --timeout=120s
  namespace ".*-more" deleted.* (re)
  $ kubectl get namespace $NS-more
  Error from server \(NotFound\): namespaces ".*-more" not found (re)
  [1]

# a namespace that the cluster needs is not deleted
  $ kubectl delete namespace default
  Error from server (Forbidden): namespaces "default" is forbidden: this namespace may not be deleted
  [1]
  $ kubectl delete namespace kube-system --dry-run=server
  Error from server (Forbidden): namespaces "kube-system" is forbidden: this namespace may not be deleted
  [1]

# finalizers hold an object
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl patch configmap conf --type=merge -p '{"metadata":{"finalizers":["example.com/hold"]}}'
  configmap/conf patched
  $ kubectl delete configmap conf --wait=false
  configmap "conf" deleted.* (re)
  $ kubectl get configmap conf -o jsonpath='{.metadata.finalizers}'
  ["example.com/hold"] (no-eol)
  $ kubectl patch configmap conf --type=merge -p '{"metadata":{"finalizers":null}}'
  configmap/conf patched
  $ kubectl get configmap conf
  Error from server (NotFound): configmaps "conf" not found
  [1]
