namespace Atlas.Evaluation.Workloads;

/// <summary>
/// Instructions to edit <c>{code}</c>. What is there is <c>{old}</c>, what shall be there <c>{new}</c>; <c>{at}</c> is a variable, by whose
/// assignment a line is found.
/// </summary>
internal static class EditPhrases
{
    /// <summary>Rename a function or variable.</summary>
    public static readonly PhraseBook Renames = new(
        [
            "Rename {old} to {new}.\n{code}",
            "{code}\nRename {old} to {new}.",
            "Use the name {new} instead of {old}.\n{code}",
            "{code}\nCall {old} {new} from now on.",
            "In this code, {old} should be named {new}.\n{code}",
            "Replace the name {old} by {new}:\n{code}",
            "{code}\nPlease replace {old} with {new}.",
        ],
        [
            "{code}\nUse the name {new} instead of {old}.",
            "Please rename {old} to {new}:\n{code}",
            "{code}\nReplace the name {old} with {new}.",
            "Rename {old} to {new} in this code.\n{code}",
            "{code}\nFrom now on, call {old} {new}.",
            "{code}\nEverywhere, {old} should be {new}.",
            "Write {new} in place of {old}.\n{code}",
            "{code}\nThe name {old} is wrong, it must be {new}.",
            "Here {old} becomes {new}:\n{code}",
            "{code}\nGive {old} the new name {new}.",
        ]);

    /// <summary>Change a number.</summary>
    public static readonly PhraseBook Constants = new(
        [
            "Change {old} to {new}.\n{code}",
            "{code}\nChange {old} to {new}.",
            "Use {new} instead of {old}.\n{code}",
            "{code}\nThe constant {old} should be {new}.",
            "Set the constant {old} to {new}:\n{code}",
            "{code}\nPlease replace the number {old} with {new}.",
        ],
        [
            "{code}\nUse {new} instead of {old}.",
            "Please change the constant {old} to {new}:\n{code}",
            "{code}\nReplace the number {old} with {new}.",
            "Set {old} to {new}.\n{code}",
            "{code}\nThe number {old} should be {new}.",
            "Write {new} in place of {old}:\n{code}",
            "{code}\nThe number {old} is wrong, it must be {new}.",
            "Here {old} becomes {new}.\n{code}",
            "{code}\nMake it {new} where it says {old}.",
            "{code}\nWe need {new}, not {old}.",
        ]);

    /// <summary>Change a text in quotes.</summary>
    public static readonly PhraseBook Messages = new(
        [
            "Change the text \"{old}\" to \"{new}\".\n{code}",
            "{code}\nThe text should be \"{new}\", not \"{old}\".",
            "{code}\nReplace the string \"{old}\" with \"{new}\".",
            "The message \"{old}\" becomes \"{new}\":\n{code}",
        ],
        [
            "{code}\nChange the message \"{old}\" to \"{new}\".",
            "Replace the text \"{old}\" by \"{new}\".\n{code}",
            "{code}\nIt must say \"{new}\" instead of \"{old}\".",
        ]);

    /// <summary>Replace the operator in the line that sets <c>{at}</c>.</summary>
    public static readonly PhraseBook Operators = new(
        [
            "In the line that sets {at}, use {new} instead of {old}.\n{code}",
            "{code}\nWhere {at} is set, replace {old} with {new}.",
            "The value of {at} needs {new}, not {old}:\n{code}",
            "{code}\nFix {at}: the operator {old} should be {new}.",
        ],
        [
            "{code}\nIn the line that sets {at}, replace {old} with {new}.",
            "Where {at} is set, the operator {old} should be {new}.\n{code}",
            "{code}\nUse {new} instead of {old} for the value of {at}.",
        ]);

    /// <summary>Add the parameter <c>{new}</c> at the end of the list, behind <c>{old}</c>.</summary>
    public static readonly PhraseBook Parameters = new(
        [
            "Add a parameter {new} after {old}.\n{code}",
            "{code}\nThe function needs one more parameter, {new}, after {old}.",
            "{code}\nAfter the parameter {old}, add {new}.",
            "Give the function a third parameter {new}, behind {old}:\n{code}",
        ],
        [
            "{code}\nAdd the parameter {new} behind {old}.",
            "After {old} there should be another parameter, {new}.\n{code}",
            "{code}\nPlease add {new} to the parameters, after {old}.",
        ]);

    /// <summary>Delete the line that calls <c>{old}</c>.</summary>
    public static readonly PhraseBook Deletions = new(
        [
            "Delete the line that calls {old}.\n{code}",
            "{code}\nRemove the call of {old}.",
            "{code}\nWe no longer need {old}. Delete that line.",
            "Drop the line with {old}:\n{code}",
        ],
        [
            "{code}\nDelete the call of {old}.",
            "Remove the line that calls {old}.\n{code}",
            "{code}\nThe line with {old} must go.",
        ]);
}
