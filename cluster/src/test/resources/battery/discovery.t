What is there: versions, resources, their description, and who one is.

# version names client and server
  $ kubectl version 2>&1 | grep Version
  Client Version: v1.* (glob)
  Kustomize Version: v* (glob)
  Server Version: v1.* (glob)

# cluster-info says where the API is
  $ kubectl cluster-info
  *Kubernetes control plane*is running at*https://* (glob)
  ...

# api-versions lists what is served
  $ kubectl api-versions | grep -x -e v1 -e apps/v1 -e autoscaling/v1 -e autoscaling/v2 -e metrics.k8s.io/v1beta1 -e policy/v1
  apps/v1
  autoscaling/v1
  autoscaling/v2
  metrics.k8s.io/v1beta1
  policy/v1
  v1

# api-resources has names, short names, versions and kinds
  $ kubectl api-resources --api-group=apps --no-headers | grep -e deployments -e replicasets
  deployments +deploy +apps/v1 +true +Deployment (re)
  replicasets +rs +apps/v1 +true +ReplicaSet (re)
  $ kubectl api-resources --api-group=autoscaling -o wide --no-headers
  horizontalpodautoscalers +hpa +autoscaling/v2 +true +HorizontalPodAutoscaler +create,delete,deletecollection,get,list,patch,update,watch +all (re)
  $ kubectl api-resources --namespaced=false -o name | grep -x -e namespaces -e nodes
  namespaces
  nodes

# explain describes a field
  $ kubectl explain deployment.spec.replicas
  GROUP:      apps
  KIND:       Deployment
  VERSION:    v1
  ^$ (re)
  FIELD: replicas <integer>
  ^$ (re)
  ^$ (re)
  DESCRIPTION:
  ...

# explain --recursive goes to the leaves
  $ kubectl explain pod --recursive | grep -c -w -e readinessProbe -e configMapKeyRef
  [1-9]\d* (re)
  $ kubectl explain hpa.spec.metrics --recursive | grep averageUtilization | sort -u
   +averageUtilization\t<integer> (re)

# explain of another version
  $ kubectl explain hpa.spec --api-version=autoscaling/v1 | grep 'targetCPU.*integer'
    targetCPUUtilizationPercentage\t<integer> (re)

# explain of what is not there
  $ kubectl explain deployment.spec.nothing
  ...
  error: field "nothing" does not exist
  [1]
  $ kubectl explain gizmo
  the server doesn't have a resource type "gizmo"
  [1]

# explain by the older description
  $ kubectl explain deployment.spec.replicas --output=plaintext-openapiv2
  KIND:     Deployment
  VERSION:  apps/v1
  ^$ (re)
  FIELD:    replicas <integer>
  ^$ (re)
  DESCRIPTION:
  ...
  $ kubectl explain hpa.spec.metrics --output=plaintext-openapiv2 --recursive | grep averageUtilization | sort -u
   +averageUtilization\t<integer> (re)

# get --raw asks for a path
  $ kubectl get --raw /readyz
  ok (no-eol)
  $ kubectl get --raw "/api/v1/namespaces/$NS/configmaps?labelSelector=none" | grep -o ConfigMapList
  ConfigMapList
  $ kubectl get --raw /apis/nothing.example.com/v1
  Error from server (NotFound): the server could not find the requested resource
  [1]

# parameters of a list that do not fit together
  $ kubectl get --raw "/api/v1/namespaces/$NS/configmaps?resourceVersionMatch=Exact"
  The ListOptions "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided
  [1]
  $ kubectl get --raw "/api/v1/namespaces/$NS/configmaps?sendInitialEvents=true"
  The ListOptions "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list
  [1]
  $ kubectl get --raw "/api/v1/namespaces/$NS/configmaps?watch=1&resourceVersionMatch=NotOlderThan"
  The ListOptions "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided
  [1]

# health, check by check
  $ kubectl get --raw /livez/ping
  ok (no-eol)
  $ kubectl get --raw '/readyz?verbose' | grep -x -F -e '[+]ping ok' -e 'readyz check passed'
  [+]ping ok
  readyz check passed
  $ kubectl get --raw '/livez?verbose&exclude=ping' | grep -F ping
  [+]ping excluded: ok
  $ kubectl get --raw /readyz/no-such-check
  Error from server (NotFound): the server could not find the requested resource
  [1]
  $ kubectl get --raw / | tr -d ' "\n' | grep -o -e /apis/apps/v1, -e /livez/ping, | sort -u
  /apis/apps/v1,
  /livez/ping,

# auth whoami
  $ kubectl auth whoami
  ATTRIBUTE +VALUE (re)
  Username +\S+ (re)
  ...

# auth can-i
  $ kubectl auth can-i create deployments.apps
  yes
  $ kubectl auth can-i get pods --subresource=log
  yes
  $ kubectl auth can-i --list | head -1
  Resources +Non-Resource URLs +Resource Names +Verbs (re)

# in another's name: there is none here @embedded
  $ kubectl get pods --as=bob
  Error from server (Forbidden): users "bob" is forbidden: User "headroom-admin" cannot impersonate resource "users" in API group "" at the cluster scope: this cluster has one user
  [1]
  $ kubectl auth can-i get pods --as=system:serviceaccount:default:robot
  Error from server (Forbidden): serviceaccounts "robot" is forbidden: User "headroom-admin" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "default": this cluster has one user
  [1]
