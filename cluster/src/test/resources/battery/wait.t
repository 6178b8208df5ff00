Waiting for what is to come.

# for a condition
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl wait --for=condition=Available deployment/web --timeout=60s
  deployment.apps/web condition met
  $ kubectl wait --for=condition=Ready pod -l app=web --timeout=60s
  pod/web-\S+ condition met (re)
  pod/web-\S+ condition met (re)

# for a field
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl wait deployment web --for=jsonpath='{.status.readyReplicas}'=2 --timeout=60s
  deployment.apps/web condition met
  $ kubectl wait pod -l app=web --for=jsonpath='{.status.phase}'=Running --timeout=60s | wc -l
  2

# for what does not come
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl wait --for=jsonpath='{.data.color}'=blue configmap/conf --timeout=1s
  error: timed out waiting for the condition on configmaps/conf
  [1]
  $ kubectl wait --for=condition=Ready pod/nothing --timeout=1s
  Error from server (NotFound): pods "nothing" not found
  [1]

# for an end
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl wait --for=delete configmap/conf --timeout=60s >waited 2>&1 &
  $ kubectl delete configmap conf
  configmap "conf" deleted.* (re)
  $ wait $!
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl wait --for=delete configmap/conf --timeout=3s 2>&1 | tail -1
  error: timed out waiting for the condition on configmaps/conf

# for a beginning
  $ kubectl wait --for=create configmap/conf --timeout=60s >waited 2>&1 &
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ wait $!; cat waited
  configmap/conf condition met
