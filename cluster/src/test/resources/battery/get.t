Reading, in every form.

# every -o
  $ kubectl apply -f conf.yaml
  configmap/conf created
  $ kubectl get configmap conf
  NAME +DATA +AGE (re)
  conf +1 +\d+s (re)
  $ kubectl get configmap conf -o name
  configmap/conf
  $ kubectl get configmap conf -o yaml | head -6
  apiVersion: v1
  data:
    color: red
  kind: ConfigMap
  metadata:
    annotations:
  $ kubectl get configmap conf -o json | head -3
  {
      "apiVersion": "v1",
      "data": {
  $ kubectl get configmap conf -o jsonpath='{.data.color}{"\n"}'
  red
  $ kubectl get configmap conf -o jsonpath-as-json='{.data}'
  [
      {
          "color": "red"
      }
  ]
  $ kubectl get configmap conf -o go-template='{{range $k, $v := .data}}{{$k}}={{$v}}{{end}}'
  color=red (no-eol)
  $ kubectl get configmap conf -o custom-columns=NAME:.metadata.name,COLOR:.data.color
  NAME   COLOR
  conf   red
  $ kubectl get configmap conf -o custom-columns=NAME:.metadata.name --no-headers
  conf
  $ kubectl get configmap conf -o nothing
  error: unable to match a printer suitable for the output format "nothing"* (glob)
  [1]

# wide, with labels
  $ kubectl apply -f idle.yaml -f conf.yaml
  deployment.apps/idle created
  configmap/conf created
  $ kubectl get deployment idle -o wide
  NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR (re)
  idle +0/0 +0 +0 +\d+s +app +\S+ +app=idle (re)
  $ kubectl get configmap conf --show-labels --no-headers
  conf +1 +\d+s +tier=a (re)
  $ kubectl get configmap conf -L tier,nothing
  NAME +DATA +AGE +TIER +NOTHING (re)
  conf +1 +\d+s +a * (re)

# pods
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl get pods -o wide
  NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES (re)
  web-[a-z0-9]+-[a-z0-9]{5} +1/1 +Running +0 +\d+s +[\d.]+ +\S+ +<none> +<none> (re)
  web-[a-z0-9]+-[a-z0-9]{5} +1/1 +Running +0 +\d+s +[\d.]+ +\S+ +<none> +<none> (re)
  $ kubectl get replicasets -o wide
  NAME +DESIRED +CURRENT +READY +AGE +CONTAINERS +IMAGES +SELECTOR (re)
  web-[a-z0-9]+ +2 +2 +2 +\d+s +app +\S+ +app=web,pod-template-hash=[a-z0-9]+ (re)
  $ kubectl get all -o name
  pod/web-.* (re)
  pod/web-.* (re)
  deployment.apps/web
  replicaset.apps/web-.* (re)
  $ kubectl get pods --field-selector status.phase=Running -o name | wc -l
  2
  $ kubectl get pods --field-selector status.phase!=Running
  No resources found in .* namespace. (re)
  $ kubectl get pods -A --field-selector metadata.namespace=$NS --no-headers | wc -l
  2

# services and who is behind them
  $ kubectl apply -f web.yaml -f service.yaml
  deployment.apps/web created
  service/web created
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl get service web
  NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE (re)
  web +ClusterIP +[\d.]+ +<none> +80/TCP +\d+s (re)
  $ eventually 'kubectl get endpointslices -l kubernetes.io/service-name=web --no-headers | grep -q ","'
  $ kubectl get endpointslices -l kubernetes.io/service-name=web
  NAME +ADDRESSTYPE +PORTS +ENDPOINTS +AGE (re)
  web\S* +IPv4 +8000 +[\d.]+,[\d.]+ +\d+s (re)
  $ kubectl scale deployment web --replicas=0
  deployment.apps/web scaled
  $ eventually 'kubectl get endpointslices -l kubernetes.io/service-name=web --no-headers | tr -s " " | grep -o "IPv4 <unset> <unset>"'
  IPv4 <unset> <unset>

# selectors with sets
  $ kubectl apply -f folder -f conf.yaml
  configmap/a created
  configmap/b created
  configmap/conf created
  $ kubectl label configmap a gone=yes
  configmap/a labeled
  $ kubectl get configmaps -l 'set in (folder,other),!gone' -o name
  configmap/b
  $ kubectl get configmaps -l 'tier notin (b),tier' -o name
  configmap/conf
  $ kubectl get configmaps -l set!=folder,tier=a -o name
  configmap/conf
  $ kubectl get configmaps -l 'set=' -o name
  $ kubectl get configmaps -l 'a b'
  Error from server (BadRequest): Unable to find "/v1, Resource=configmaps" that match label selector "a b", field selector "": unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt
  [1]

# field selectors
  $ kubectl apply -f folder
  configmap/a created
  configmap/b created
  $ kubectl get configmaps --field-selector metadata.name=b -o name
  configmap/b
  $ kubectl get configmaps --field-selector data.letter=a
  Error from server (BadRequest): Unable to find "/v1, Resource=configmaps" that match label selector "", field selector "data.letter=a": "data.letter" is not a known field selector: only "metadata.name", "metadata.namespace"
  [1]
  $ kubectl get pods --field-selector spec.nothing=a
  Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.nothing=a": field label not supported: spec.nothing
  [1]

# sorted, and in chunks
  $ kubectl apply -f folder
  configmap/a created
  configmap/b created
  $ kubectl patch configmap a --type=merge -p '{"data":{"letter":"z"}}'
  configmap/a patched
  $ kubectl get configmaps -l set=folder --sort-by=.data.letter -o name
  configmap/b
  configmap/a
  $ kubectl get configmaps -l set=folder --sort-by=.data.letter --no-headers
  b +1 +\d+s (re)
  a +1 +\d+s (re)
  $ kubectl get configmaps -l set=folder --chunk-size=1 -o name
  configmap/a
  configmap/b

# several kinds at once
  $ kubectl apply -f conf.yaml -f service.yaml
  configmap/conf created
  service/web created
  $ kubectl get configmap/conf service/web -o name
  configmap/conf
  service/web
  $ kubectl get service,secret --no-headers
  service/web +ClusterIP +[\d.]+ +<none> +80/TCP +\d+s (re)
  $ kubectl get -f conf.yaml -f service.yaml -o name
  configmap/conf
  service/web

# what is not there
  $ kubectl get pods
  No resources found in .* namespace. (re)
  $ kubectl get pods --ignore-not-found
  $ kubectl get pod nothing
  Error from server (NotFound): pods "nothing" not found
  [1]
  $ kubectl get pod nothing --ignore-not-found
  $ kubectl get gizmos
  error: the server doesn't have a resource type "gizmos"
  [1]

# watching
  $ kubectl get configmaps -l set=folder -w --output-watch-events --no-headers >watched 2>&1 &
  $ watch=$!
  $ eventually 'kubectl apply -f folder >/dev/null && grep -q ADDED watched'
  $ kubectl label configmap a set=other --overwrite
  configmap/a labeled
  $ eventually 'grep -q DELETED watched'
  $ kill $watch
  $ grep -e DELETED -e ' b ' watched | sort
  ADDED +b +1 +\d+s (re)
  DELETED +a +1 +\d+s (re)
