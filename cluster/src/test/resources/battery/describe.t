Describing: every kind that is served.

# a Deployment and what it made
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl describe deployment web
  Name: +web (re)
  Namespace: .* (re)
  ...
  Replicas: +2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable (re)
  StrategyType: +RollingUpdate (re)
  MinReadySeconds: +0 (re)
  RollingUpdateStrategy: +25% max unavailable, 25% max surge (re)
  ...
    (Available|Progressing) +True +(MinimumReplicas|NewReplicaSet)Available (re)
    (Available|Progressing) +True +(MinimumReplicas|NewReplicaSet)Available (re)
  ...
    Normal +ScalingReplicaSet +\d+s +deployment-controller +Scaled up replica set web-[a-z0-9]+ from 0 to 2 (re)
  $ kubectl describe replicasets -l app=web | grep -e 'Controlled By' -e SuccessfulCreate | sed 's/  */ /g'
  Controlled By: Deployment/web
   Normal SuccessfulCreate \S+ replicaset-controller Created pod: web-.* (re)
   Normal SuccessfulCreate \S+ replicaset-controller Created pod: web-.* (re)
  $ eventually '[ $(kubectl describe pods -l app=web | grep -c -e "^Status: *Running" -e "^QoS Class: *Burstable" -e "Successfully assigned" -e "Started container app") = 8 ]'

# a service
  $ kubectl apply -f web.yaml -f service.yaml
  deployment.apps/web created
  service/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ eventually 'kubectl describe service web | grep "Endpoints:.*,"'
  Endpoints: +[\d.]+:8000,[\d.]+:8000 (re)
  $ kubectl describe service web
  Name: +web (re)
  ...
  Selector: +app=web (re)
  Type: +ClusterIP (re)
  ...
  Port: +http +80/TCP (re)
  TargetPort: +8000/TCP (re)
  ...
  $ kubectl describe endpoints web 2>/dev/null | grep -c '^  Addresses:'
  1
  $ kubectl describe endpointslices -l kubernetes.io/service-name=web | grep -c 'Ready: *true'
  2

# an autoscaler, a disruption budget, a network policy
  $ kubectl apply -f idle.yaml -f others.yaml
  deployment.apps/idle created
  ...
  $ kubectl describe hpa web
  Name: +web (re)
  ...
  Reference: +Deployment/web (re)
  Metrics: +\( current / target \) (re)
    resource cpu on pods  (as a percentage of request):  <unknown> / 50%
  Min replicas: +2 (re)
  Max replicas: +3 (re)
  ...
  $ kubectl describe pdb web | grep -e 'Min available' -e Selector
  Min available: +1 (re)
  Selector: +app=web (re)
  $ kubectl describe networkpolicy web | grep PodSelector
    PodSelector:     app=web

# a config map, and a secret whose value is not told
  $ kubectl apply -f conf.yaml -f others.yaml >made 2>&1
  $ kubectl describe configmap conf
  Name: +conf (re)
  ...
  Data
  ====
  color:
  ----
  red
  ...
  $ kubectl describe secret password
  Name: +password (re)
  ...
  word: +11 bytes (re)
  $ kubectl describe serviceaccount robot | grep ^Name:
  Name: +robot (re)

# a node and a namespace
  $ kubectl describe nodes | grep -o -e '^Roles:' -e '^  Ready  *True' -e '^Allocated resources:' | tr -s ' ' | sort -u
   Ready True
  Allocated resources:
  Roles:
  $ kubectl describe nodes | grep -A3 '^Lease:' | tr -s ' ' | cut -d: -f1 | head -4
  Lease
   HolderIdentity
   AcquireTime
   RenewTime
  $ kubectl describe namespace $NS | grep ^Status:
  Status: +Active (re)

# what is not there
  $ kubectl describe pod nothing
  Error from server (NotFound): pods "nothing" not found
  [1]
  $ kubectl describe pods
  No resources found in .* namespace. (re)
