Size, and what is set from the command line.

# scale, and only from a size
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl scale deployment web --replicas=3
  deployment.apps/web scaled
  $ kubectl scale deployment web --current-replicas=5 --replicas=1
  error: Expected replicas to be 5, was 3
  [1]
  $ kubectl scale deployment web --current-replicas=3 --replicas=1
  deployment.apps/web scaled
  $ kubectl wait deployment web --for=jsonpath='{.status.readyReplicas}'=1 --timeout=60s
  deployment.apps/web condition met
  $ eventually '[ "$(kubectl get pods -l app=web -o name | wc -l)" = 1 ]'
  $ kubectl scale deployment --all --replicas=0
  deployment.apps/web scaled
  $ kubectl scale deployment nothing --replicas=1
  error: no objects passed to scale deployments.apps "nothing" not found
  [1]

# autoscale
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl autoscale deployment idle --min=1 --max=3 --cpu-percent=50 2>/dev/null
  horizontalpodautoscaler.autoscaling/idle autoscaled
  $ kubectl get hpa idle --no-headers
  idle +Deployment/idle +cpu: <unknown>/50% +1 +3 +\d +\d+s (re)
  $ : kubectl 1.34 hides what the server said
  $ kubectl autoscale deployment idle --max=3
  (Error from server \(AlreadyExists\): horizontalpodautoscalers.autoscaling "idle" already exists|error: failed to create autoscaling/v2 HPA and .*: empty input) (re)
  [1]
  $ kubectl autoscale deployment idle --name=other --min=4 --max=3
  error: * (glob)
  [1]

# set image, resources and env
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl set image deployment/idle app=example.com/other:2
  deployment.apps/idle image updated
  $ kubectl set image deployment/idle nothing=example.com/other:2
  error: unable to find container named "nothing"
  [1]
  $ kubectl set resources deployment/idle --requests=cpu=20m --limits=memory=64Mi
  deployment.apps/idle resource requirements updated
  $ kubectl set env deployment/idle COLOR=red SHAPE=round
  deployment.apps/idle env updated
  $ kubectl set env deployment/idle SHAPE-
  deployment.apps/idle env updated
  $ kubectl set env deployment/idle --list
  # Deployment idle, container app
  COLOR=red
  $ kubectl get deployment idle -o jsonpath='{.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].resources} {.metadata.generation}'
  example.com/other:2 {"limits":{"memory":"64Mi"},"requests":{"cpu":"20m"}} 5 (no-eol)
  $ kubectl set serviceaccount deployment idle robot 2>/dev/null
  deployment.apps/idle serviceaccount updated

# set selector of a service
  $ kubectl apply -f service.yaml
  service/web created
  $ kubectl set selector service web app=other
  service/web selector updated
  $ kubectl get service web -o jsonpath='{.spec.selector}'
  {"app":"other"} (no-eol)

# expose
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl expose deployment idle --port=80 --target-port=8000
  service/idle exposed
  $ kubectl get service idle -o wide --no-headers
  idle +ClusterIP +[\d.]+ +<none> +80/TCP +\d+s +app=idle (re)
  $ kubectl expose deployment idle --port=80
  Error from server (AlreadyExists): services "idle" already exists
  [1]
  $ kubectl expose service idle --port=81 --name=third --type=NodePort
  service/third exposed
