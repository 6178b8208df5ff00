Declaring what shall be.

# a file, again without change, and changed
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ before=$(kubectl get configmap conf -o jsonpath='{.metadata.resourceVersion}')
  $ kubectl apply -f conf.yaml
  configmap/conf unchanged
  $ test "$before" = "$(kubectl get configmap conf -o jsonpath='{.metadata.resourceVersion}')"
  $ kubectl apply -f conf-blue.yaml
  configmap/conf configured
  $ kubectl get configmap conf -o jsonpath='{.data.color}'
  blue (no-eol)

# a Deployment again is no change either
  $ kubectl apply -f idle.yaml -f service.yaml
  deployment.apps/idle created
  service/web created
  $ kubectl apply -f idle.yaml -f service.yaml
  deployment.apps/idle unchanged
  service/web unchanged
  $ kubectl get deployment idle -o jsonpath='{.metadata.generation}'
  1 (no-eol)

# a folder
  $ kubectl apply -f folder
  configmap/a created
  configmap/b created

# standard input
  $ kubectl apply -f - <conf.yaml
  configmap/conf created

# a kustomization
  $ kubectl apply -k kustom
  configmap/my-conf created
  $ kubectl delete -k kustom
  configmap "my-conf" deleted.* (re)

# what is left out is taken away, what others wrote is kept
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl annotate configmap conf mine=yes
  configmap/conf annotated
  $ sed 's/color: red/shape: round/' conf.yaml | kubectl apply -f -
  configmap/conf configured
  $ kubectl get configmap conf -o jsonpath='{.data} {.metadata.annotations.mine}'
  {"shape":"round"} yes (no-eol)

# dry run by the client
  $ kubectl apply --dry-run=client -f conf.yaml
  configmap/conf created (dry run)
  $ kubectl get configmap conf
  Error from server (NotFound): configmaps "conf" not found
  [1]

# dry run by the server
  $ kubectl apply --dry-run=server -f conf.yaml
  configmap/conf created (server dry run)
  $ kubectl get configmap conf
  Error from server (NotFound): configmaps "conf" not found
  [1]
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl apply --dry-run=server -f conf-blue.yaml -o jsonpath='{.data.color}'
  blue (no-eol)
  $ kubectl get configmap conf -o jsonpath='{.data.color}'
  red (no-eol)

# an unknown field, by default and with --validate=strict
  $ kubectl apply -f typo.yaml
  Error from server (BadRequest): error when creating "typo.yaml": ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "datum"
  [1]
  $ kubectl apply --validate=strict -f typo.yaml
  Error from server (BadRequest): error when creating "typo.yaml": ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "datum"
  [1]

# an unknown field with --validate=warn and --validate=false
  $ kubectl apply --validate=warn -f typo.yaml
  Warning: unknown field "datum"
  configmap/typo created
  $ kubectl apply --validate=false -f typo.yaml
  configmap/typo configured

# an invalid object
  $ sed 's/name: idle,/name: Idle_,/' idle.yaml | kubectl apply -f -
  The Deployment "Idle_" is invalid: metadata.name: Invalid value: "Idle_": a lowercase RFC 1123 subdomain must consist of* (glob)
  [1]

# an immutable field
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ sed 's/app: idle/app: other/' idle.yaml | kubectl apply -f -
  The Deployment "idle" is invalid: spec.selector: Invalid value: *: field is immutable (glob)
  [1]

# server-side apply, again, and changed
  $ kubectl apply --server-side -f conf.yaml
  configmap/conf serverside-applied
  $ before=$(kubectl get configmap conf -o jsonpath='{.metadata.resourceVersion}')
  $ kubectl apply --server-side -f conf.yaml
  configmap/conf serverside-applied
  $ test "$before" = "$(kubectl get configmap conf -o jsonpath='{.metadata.resourceVersion}')"
  $ kubectl get configmap conf --show-managed-fields -o jsonpath='{.metadata.managedFields[*].manager} {.metadata.managedFields[*].operation}'
  kubectl Apply (no-eol)

# server-side apply of two managers: a conflict, and who wins by force
  $ kubectl apply --server-side --field-manager=first -f conf.yaml
  configmap/conf serverside-applied
  $ kubectl apply --server-side --field-manager=second -f conf-blue.yaml
  error: Apply failed with 1 conflict: conflict with "first": .data.color
  Please review the fields above--they currently have other managers. Here
  ...
  [1]
  $ kubectl apply --server-side --field-manager=second --force-conflicts -f conf-blue.yaml
  configmap/conf serverside-applied
  $ kubectl get configmap conf -o jsonpath='{.data.color}'
  blue (no-eol)
  $ kubectl apply --server-side --field-manager=first -f conf.yaml 2>&1 | head -1
  error: Apply failed with 1 conflict: conflict with "second": .data.color

# server-side apply meets what was written without it
  $ kubectl create -f conf.yaml
  configmap/conf created
  $ kubectl apply --server-side --field-manager=second -f conf-blue.yaml 2>&1 | head -1
  error: Apply failed with 1 conflict: conflict with "kubectl-create" using v1: .data.color

# server-side apply goes on where the other kind of apply was, and the annotation says so
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl apply --server-side -f conf-blue.yaml
  configmap/conf serverside-applied
  $ kubectl get configmap conf -o jsonpath='{.data.color}'
  blue (no-eol)
  $ kubectl get configmap conf --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.manager} {.operation}{"\n"}{end}' | sort
  kubectl Apply
  kubectl-last-applied Apply
  $ kubectl get configmap conf -o jsonpath='{.metadata.annotations.kubectl\.kubernetes\.io/last-applied-configuration}'
  {"apiVersion":"v1","data":{"color":"blue"},"kind":"ConfigMap","metadata":{"labels":{"tier":"a"},"name":"conf","namespace":"*"}} (glob)
  $ kubectl apply -f conf.yaml
  configmap/conf configured
  $ kubectl get configmap conf -o jsonpath='{.data.color}'
  red (no-eol)
  $ kubectl patch configmap conf --type merge -p '{"data":{"color":"green"}}'
  configmap/conf patched
  $ kubectl apply --server-side -f conf-blue.yaml 2>&1 | head -1
  error: Apply failed with 1 conflict: conflict with "kubectl-patch" using v1: .data.color

# server-side apply of a list without what was in it, beside what others put there
  $ kubectl apply --server-side --field-manager=first -f server.yaml
  deployment.apps/server serverside-applied
  service/server serverside-applied
  $ kubectl set env deployment/server COLOR=red
  deployment.apps/server env updated
  $ sed -i '/env: /d' server.yaml
  $ kubectl apply --server-side --field-manager=first -f server.yaml
  deployment.apps/server serverside-applied
  service/server serverside-applied
  $ kubectl get deployment server -o jsonpath='{.spec.template.spec.containers[0].env}'
  [{"name":"COLOR","value":"red"}] (no-eol)

# a kind that is not served, beside one that is
  $ sed 's/v1/example.com\/v1/; s/ConfigMap/Gizmo/' conf.yaml >both.yaml; echo --- >>both.yaml; cat conf.yaml >>both.yaml
  $ kubectl apply -f both.yaml
  configmap/conf created
  error: resource mapping not found for name: "conf" namespace: "" from "both.yaml": no matches for kind "Gizmo" in version "example.com/v1"
  ensure CRDs are installed first
  [1]
  $ kubectl apply --server-side --dry-run=server -f both.yaml 2>&1 | grep -v ^Warning | head -1
  configmap/conf serverside-applied (server dry run)

# --prune takes away what is no longer in the folder
  $ kubectl apply -f folder -l set=folder --prune --prune-allowlist=core/v1/ConfigMap
  configmap/a created
  configmap/b created
  $ rm folder/b.yaml
  $ kubectl apply -f folder -l set=folder --prune --prune-allowlist=core/v1/ConfigMap
  configmap/a unchanged
  configmap/b pruned
  $ kubectl get configmaps -l set=folder -o name
  configmap/a

# diff: 0 for none, 1 for some, more for an error
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl diff -f conf.yaml
  $ kubectl diff -f conf-blue.yaml
  ...
  -  color: red
  +  color: blue
  ...
  [1]
  $ kubectl diff -f nothing.yaml
  error: the path "nothing.yaml" does not exist
  [2]
  $ kubectl get configmap conf -o jsonpath='{.data.color}'
  red (no-eol)

# diff of a server-side apply
  $ kubectl apply --server-side -f conf.yaml
  configmap/conf serverside-applied
  $ kubectl diff --server-side -f conf.yaml
  $ kubectl diff --server-side -f conf-blue.yaml | grep color
  -  color: red
  +  color: blue

# view-last-applied
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl apply view-last-applied configmap conf -o json | grep color
      "color": "red"

# what is accepted, but hardly as it was meant
  $ sed 's/name: app, image/name: app, env: [{name: A, value: a}, {name: A, value: b}, {name: A, value: $(A)c}], ports: [{containerPort: 80}, {containerPort: 80}], resources: {requests: {memory: 1500m}}, image/' idle.yaml >odd.yaml
  $ kubectl apply -f odd.yaml
  Warning: spec.template.spec.containers[0].resources.requests[memory]: fractional byte value "1500m" is invalid, must be an integer
  Warning: spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply
  Warning: spec.template.spec.containers[0].ports[1]: duplicate port definition with spec.template.spec.containers[0].ports[0]
  deployment.apps/idle created
  $ kubectl label deployment idle tier=b
  deployment.apps/idle labeled
  $ kubectl patch deployment idle --type=merge -p '{"spec":{"template":{"spec":{"nodeSelector":{"beta.kubernetes.io/os":"linux"}}}}}' 2>&1 | grep -e nodeSelector -e patched
  Warning: spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead
  deployment.apps/idle patched
