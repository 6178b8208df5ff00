package dev.headroom.iris.training;

import dev.headroom.iris.training.IrisData.Flower;
import java.util.List;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.evaluation.LabelEvaluation;
import org.tribuo.classification.evaluation.LabelEvaluator;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.datasource.ListDataSource;
import org.tribuo.evaluation.TrainTestSplitter;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * A classification tree (CART, Gini impurity) together with what it was tested on.
 *
 * @param model Tribuo's tree
 * @param evaluation how it did on the flowers it had not seen
 * @param trained how many flowers it was trained on
 * @param heldOut how many flowers were held out
 */
record TrainedTree(TreeModel<Label> model, LabelEvaluation evaluation, int trained, int heldOut) {
    private static final double TRAINING_SHARE = 0.7;
    private static final long SEED = 1L;
    private static final int MAX_DEPTH = 4;
    private static final float MIN_LEAF = 3f;

    /** Splits the flowers (70:30, fixed seed) and trains on the larger part. */
    static TrainedTree train(List<Flower> flowers) {
        LabelFactory labels = new LabelFactory();
        List<Example<Label>> examples = flowers.stream().map(TrainedTree::example).toList();
        var source =
                new ListDataSource<>(
                        examples,
                        labels,
                        new SimpleDataSourceProvenance("Fisher's iris data", labels));
        var split = new TrainTestSplitter<>(source, TRAINING_SHARE, SEED);
        var training = new MutableDataset<>(split.getTrain());
        var heldOut = new MutableDataset<>(split.getTest());
        var trainer =
                new CARTClassificationTrainer(
                        MAX_DEPTH, MIN_LEAF, 0f, 1f, false, new GiniIndex(), SEED);
        Model<Label> model = trainer.train(training);
        if (!(model instanceof TreeModel<Label> tree)) {
            throw new IllegalStateException("Tribuo's CART trainer made a " + model.getClass());
        }
        LabelEvaluation evaluation = new LabelEvaluator().evaluate(tree, heldOut);
        return new TrainedTree(tree, evaluation, training.size(), heldOut.size());
    }

    /** What Tribuo itself says of four lengths in centimetres. */
    String predict(double[] features) {
        return model.predict(example(features, LabelFactory.UNKNOWN_LABEL)).getOutput().getLabel();
    }

    private static Example<Label> example(Flower flower) {
        return example(flower.values(), new Label(flower.species()));
    }

    private static Example<Label> example(double[] features, Label label) {
        return new ArrayExample<>(
                label, IrisData.FEATURES.toArray(String[]::new), features.clone());
    }
}
