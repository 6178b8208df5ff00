From one version to the next, and back.

# status, history, undo
  $ kubectl apply -f web.yaml
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=60s
  ...
  deployment "web" successfully rolled out
  $ kubectl set env deployment/web COLOR=blue
  deployment.apps/web env updated
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl rollout history deployment/web
  deployment.apps/web  (re)
  REVISION  CHANGE-CAUSE
  1         <none>
  2         <none>
  ^$ (re)
  $ kubectl rollout history deployment/web --revision=2 | grep -e revision -e COLOR
  deployment.apps/web with revision #2
  .*COLOR:\s+blue (re)
  $ kubectl rollout undo deployment/web
  deployment.apps/web rolled back
  $ kubectl rollout status deployment/web --timeout=60s | tail -1
  deployment "web" successfully rolled out
  $ kubectl get deployment web -o jsonpath='{.spec.template.spec.containers[0].env}{.metadata.annotations.deployment\.kubernetes\.io/revision}'
  3 (no-eol)
  $ kubectl rollout undo deployment/web --to-revision=2
  deployment.apps/web rolled back
  $ kubectl rollout undo deployment/web --to-revision=9
  error: unable to find specified revision 9 in history
  [1]
  $ kubectl rollout pause deployment/web
  deployment.apps/web paused
  $ kubectl rollout undo deployment/web
  error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again
  [1]

# the cause of a change
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl annotate deployment idle kubernetes.io/change-cause='the first'
  deployment.apps/idle annotated
  $ eventually 'kubectl rollout history deployment/idle | grep -q "the first"'
  $ kubectl set env deployment/idle COLOR=blue
  deployment.apps/idle env updated
  $ kubectl annotate deployment idle kubernetes.io/change-cause='painted blue' --overwrite
  deployment.apps/idle annotated
  $ eventually 'kubectl rollout history deployment/idle | grep -q "2 .*painted blue"'
  $ kubectl rollout history deployment/idle
  deployment.apps/idle  (re)
  REVISION  CHANGE-CAUSE
  1         the first
  2         painted blue
  ^$ (re)

# what raises the generation
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl wait deployment idle --for=jsonpath='{.status.observedGeneration}'=1 --timeout=30s
  deployment.apps/idle condition met
  $ kubectl label deployment idle tier=b
  deployment.apps/idle labeled
  $ kubectl get deployment idle -o jsonpath='{.metadata.generation}'
  1 (no-eol)
  $ kubectl rollout restart deployment/idle
  deployment.apps/idle restarted
  $ kubectl wait deployment idle --for=jsonpath='{.status.observedGeneration}'=2 --timeout=30s
  deployment.apps/idle condition met
  $ kubectl annotate deployment idle note=a
  deployment.apps/idle annotated
  $ kubectl get deployment idle -o jsonpath='{.metadata.generation}'
  3 (no-eol)

# pause and resume
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl wait deployment idle --for=jsonpath='{.status.observedGeneration}'=1 --timeout=30s
  deployment.apps/idle condition met
  $ kubectl rollout pause deployment/idle
  deployment.apps/idle paused
  $ kubectl rollout pause deployment/idle
  error: deployments.apps "idle" is already paused
  [1]
  $ kubectl set env deployment/idle COLOR=blue
  deployment.apps/idle env updated
  $ kubectl get replicasets -l app=idle -o name | wc -l
  1
  $ kubectl rollout resume deployment/idle
  deployment.apps/idle resumed
  $ eventually '[ "$(kubectl get replicasets -l app=idle -o name | wc -l)" = 2 ]'

# restart
  $ kubectl apply -f idle.yaml
  deployment.apps/idle created
  $ kubectl rollout restart deployment/idle
  deployment.apps/idle restarted
  $ kubectl get deployment idle -o jsonpath='{.spec.template.metadata.annotations.kubectl\.kubernetes\.io/restartedAt}'
  20\d\d-.* \(no-eol\) (re)

# status that does not come
  $ sed 's/image: .*/image: example.com\/not-there:1/' web.yaml | kubectl apply -f -
  deployment.apps/web created
  $ kubectl rollout status deployment/web --timeout=2s
  ...
  error: timed out waiting for the condition
  [1]
  $ kubectl rollout status deployment/web --watch=false
  Waiting for deployment "web" rollout to finish: 0 of 2 updated replicas are available...
