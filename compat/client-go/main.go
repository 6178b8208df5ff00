// client-go is Kubernetes' Go client against the cluster of KUBECONFIG, as controllers use it: shared informers, work by key, leader
// election, dynamic and metadata clients. Prints one line PASS or FAIL for each check, then END.
package main

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/util/retry"
)

const (
	namespace = "compat-client-go"
	patience  = 120 * time.Second
)

var (
	ctx    = context.Background()
	config *rest.Config
	client *kubernetes.Clientset
	maps   = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}
)

func check(name string, what func() error) {
	if err := what(); err != nil {
		fmt.Printf("FAIL %s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	fmt.Println("PASS", name)
}

func until(what string, condition func() (bool, error)) error {
	err := wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, patience, true, func(context.Context) (bool, error) { return condition() })
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func same(expected, found any) error {
	if !reflect.DeepEqual(expected, found) {
		return fmt.Errorf("found %v where %v was expected", found, expected)
	}
	return nil
}

func configMap(name, value string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"of": "client-go"}}, Data: map[string]string{"a": value}}
}

func create(name, value string) (*corev1.ConfigMap, error) {
	return client.CoreV1().ConfigMaps(namespace).Create(ctx, configMap(name, value), metav1.CreateOptions{})
}

func discovered() error {
	lists, err := discovery.ServerPreferredResources(client.Discovery())
	if err != nil {
		return err
	}
	kinds := map[string]bool{}
	for _, list := range lists {
		for _, resource := range list.APIResources {
			kinds[list.GroupVersion+"/"+resource.Kind] = true
		}
	}
	for _, kind := range []string{"v1/Pod", "apps/v1/Deployment", "autoscaling/v2/HorizontalPodAutoscaler", "coordination.k8s.io/v1/Lease"} {
		if !kinds[kind] {
			return fmt.Errorf("%s is not among %v", kind, kinds)
		}
	}
	return nil
}

func deployed() error {
	file, err := os.Open("web.yaml")
	if err != nil {
		return err
	}
	defer file.Close()
	documents := yaml.NewYAMLOrJSONDecoder(file, 4096)
	deployment, service := &appsv1.Deployment{}, &corev1.Service{}
	if err := documents.Decode(deployment); err != nil {
		return err
	}
	if err := documents.Decode(service); err != nil {
		return err
	}
	if _, err := client.AppsV1().Deployments(namespace).Create(ctx, deployment, metav1.CreateOptions{}); err != nil {
		return err
	}
	if _, err := client.CoreV1().Services(namespace).Create(ctx, service, metav1.CreateOptions{}); err != nil {
		return err
	}
	return until("it is available", func() (bool, error) {
		found, err := client.AppsV1().Deployments(namespace).Get(ctx, "web", metav1.GetOptions{})
		return err == nil && found.Status.AvailableReplicas == 1, err
	})
}

func scaled() error {
	scale, err := client.AppsV1().Deployments(namespace).GetScale(ctx, "web", metav1.GetOptions{})
	if err != nil {
		return err
	}
	scale.Spec.Replicas = 2
	if _, err := client.AppsV1().Deployments(namespace).UpdateScale(ctx, "web", scale, metav1.UpdateOptions{}); err != nil {
		return err
	}
	return until("two endpoints are ready", func() (bool, error) {
		slices, err := client.DiscoveryV1().EndpointSlices(namespace).List(ctx, metav1.ListOptions{LabelSelector: "kubernetes.io/service-name=web"})
		ready := 0
		if err == nil {
			for _, slice := range slices.Items {
				for _, endpoint := range slice.Endpoints {
					if endpoint.Conditions.Ready != nil && *endpoint.Conditions.Ready {
						ready++
					}
				}
			}
		}
		return ready == 2, err
	})
}

// events collects what an informer says of the object named watched.
type events struct {
	lock sync.Mutex
	seen []string
}

func (e *events) note(what string, object any) {
	if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = unknown.Obj
	}
	if object.(metav1.Object).GetName() == "watched" {
		e.lock.Lock()
		defer e.lock.Unlock()
		e.seen = append(e.seen, what)
	}
}

func (e *events) handler() cache.ResourceEventHandler {
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { e.note("added", object) },
		UpdateFunc: func(_, object any) { e.note("changed", object) },
		DeleteFunc: func(object any) { e.note("deleted", object) },
	}
}

// changes makes what an informer that runs is to see, and waits until it has.
func (e *events) changes() error {
	made, err := create("watched", "1")
	if err != nil {
		return err
	}
	made.Data["a"] = "2"
	if _, err := client.CoreV1().ConfigMaps(namespace).Update(ctx, made, metav1.UpdateOptions{}); err != nil {
		return err
	}
	if err := client.CoreV1().ConfigMaps(namespace).Delete(ctx, "watched", metav1.DeleteOptions{}); err != nil {
		return err
	}
	if err := until("three events", func() (bool, error) {
		e.lock.Lock()
		defer e.lock.Unlock()
		return len(e.seen) >= 3, nil
	}); err != nil {
		return fmt.Errorf("%w; seen: %v", err, e.seen)
	}
	return same([]string{"added", "changed", "deleted"}, e.seen)
}

func informed() error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
	seen := &events{}
	if _, err := factory.Core().V1().ConfigMaps().Informer().AddEventHandler(seen.handler()); err != nil {
		return err
	}
	factory.Start(running.Done())
	factory.WaitForCacheSync(running.Done())
	if err := seen.changes(); err != nil {
		return err
	}
	_, err := factory.Core().V1().ConfigMaps().Lister().ConfigMaps(namespace).Get("watched")
	return same(true, apierrors.IsNotFound(err))
}

func informedUntyped() error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	untyped, err := dynamic.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := dynamicinformer.NewFilteredDynamicSharedInformerFactory(untyped, 0, namespace, nil)
	seen := &events{}
	if _, err := factory.ForResource(maps).Informer().AddEventHandler(seen.handler()); err != nil {
		return err
	}
	factory.Start(running.Done())
	factory.WaitForCacheSync(running.Done())
	return seen.changes()
}

func metadataOnly() error {
	if _, err := create("named", "secret value"); err != nil {
		return err
	}
	names, err := metadata.NewForConfig(config)
	if err != nil {
		return err
	}
	found, err := names.Resource(maps).Namespace(namespace).Get(ctx, "named", metav1.GetOptions{})
	if err != nil {
		return err
	}
	return same([]string{"named", "client-go"}, []string{found.Name, found.Labels["of"]})
}

func retried() error {
	if _, err := create("contested", "0"); err != nil {
		return err
	}
	const writers = 5
	var group sync.WaitGroup
	failed := make(chan error, writers)
	for range writers {
		group.Go(func() {
			failed <- retry.OnError(wait.Backoff{Steps: 50, Duration: 10 * time.Millisecond, Factor: 1.2, Jitter: 0.5}, apierrors.IsConflict, func() error {
				found, err := client.CoreV1().ConfigMaps(namespace).Get(ctx, "contested", metav1.GetOptions{})
				if err != nil {
					return err
				}
				found.Data["a"] += "+"
				_, err = client.CoreV1().ConfigMaps(namespace).Update(ctx, found, metav1.UpdateOptions{})
				return err
			})
		})
	}
	group.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			return err
		}
	}
	found, err := client.CoreV1().ConfigMaps(namespace).Get(ctx, "contested", metav1.GetOptions{})
	if err != nil {
		return err
	}
	return same("0"+strings.Repeat("+", writers), found.Data["a"])
}

func applied() error {
	apply := func(manager, value string, force bool) error {
		patch := fmt.Sprintf(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied"},"data":{"a":"%s"}}`, value)
		_, err := client.CoreV1().ConfigMaps(namespace).Patch(ctx, "applied", types.ApplyPatchType, []byte(patch), metav1.PatchOptions{FieldManager: manager, Force: &force})
		return err
	}
	if err := apply("one", "1", false); err != nil {
		return err
	}
	if err := apply("two", "2", false); !apierrors.IsConflict(err) {
		return fmt.Errorf("no conflict but %v", err)
	}
	return apply("two", "2", true)
}

// protobuf asks for it and takes JSON where the server has none; a body in it is refused as such.
func protobuf() error {
	binary := rest.CopyConfig(config)
	binary.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	binary.ContentType = "application/vnd.kubernetes.protobuf"
	other, err := kubernetes.NewForConfig(binary)
	if err != nil {
		return err
	}
	if _, err := other.CoreV1().Namespaces().Get(ctx, namespace, metav1.GetOptions{}); err != nil {
		return err
	}
	_, err = other.CoreV1().ConfigMaps(namespace).Create(ctx, configMap("binary", "1"), metav1.CreateOptions{})
	if err != nil && !apierrors.IsUnsupportedMediaType(err) {
		return fmt.Errorf("refused, but not as an unsupported media type: %w", err)
	}
	return nil
}

func candidate(name string, leads func(string)) (context.CancelFunc, error) {
	running, stop := context.WithCancel(ctx)
	lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, "leader", client.CoreV1(), client.CoordinationV1(), resourcelock.ResourceLockConfig{Identity: name})
	if err != nil {
		return stop, err
	}
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: lock, ReleaseOnCancel: true, LeaseDuration: 5 * time.Second, RenewDeadline: 4 * time.Second, RetryPeriod: 200 * time.Millisecond,
		Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) { leads(name) }, OnStoppedLeading: func() {}},
	})
	if err == nil {
		go elector.Run(running)
	}
	return stop, err
}

func elected() error {
	var lock sync.Mutex
	var leaders []string
	leads := func(name string) { lock.Lock(); defer lock.Unlock(); leaders = append(leaders, name) }
	led := func(n int) func() (bool, error) {
		return func() (bool, error) { lock.Lock(); defer lock.Unlock(); return len(leaders) >= n, nil }
	}
	stopFirst, err := candidate("first", leads)
	if err != nil {
		return err
	}
	if err := until("a leader", led(1)); err != nil {
		return err
	}
	stopSecond, err := candidate("second", leads)
	defer stopSecond()
	if err != nil {
		return err
	}
	stopFirst()
	if err := until("a successor", led(2)); err != nil {
		return err
	}
	return same([]string{"first", "second"}, leaders)
}

func gone() error {
	if err := client.CoreV1().Namespaces().Delete(ctx, namespace, metav1.DeleteOptions{}); err != nil {
		return err
	}
	return until("the namespace is gone", func() (bool, error) {
		_, err := client.CoreV1().Namespaces().Get(ctx, namespace, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return false, err
	})
}

func main() {
	loaded, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
	if err == nil {
		config = loaded
		client, err = kubernetes.NewForConfig(config)
	}
	if err == nil {
		_, err = client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "client-go:", err)
		os.Exit(1)
	}
	check("discovery finds the preferred versions", discovered)
	check("a deployment becomes available", deployed)
	check("scale, and the endpoints follow", scaled)
	check("a shared informer", informed)
	check("a dynamic informer", informedUntyped)
	check("metadata only", metadataOnly)
	check("five writers, no write lost", retried)
	check("server-side apply and its conflict", applied)
	check("protobuf is answered in JSON", protobuf)
	check("two candidates, one leader, and a successor", elected)
	check("a namespace is emptied and goes", gone)
	fmt.Println("END")
}
