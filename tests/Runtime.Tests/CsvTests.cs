using System.Globalization;

namespace NetGen.Tests;

public class CsvTests
{
    [Fact]
    public void Text_in_the_last_column_becomes_classes_by_first_appearance()
    {
        Dataset data = Load("5.1,3.5,setosa\n4.9,3,virginica\n-1e-2,.5,setosa\n");
        Assert.Equal((3, 2), (data.Count, data.InputLength));
        Assert.Equal([5.1f, 3.5f, 4.9f, 3f, -0.01f, 0.5f], data.Inputs.ToArray());
        Assert.Equal([0, 1, 0], data.Labels.ToArray());
        Assert.Equal(["setosa", "virginica"], data.ClassNames!);
    }

    [Fact]
    public void Numbers_in_the_target_column_become_values()
    {
        Dataset data = Load("1,2,0.5\n3,4,-7\n");
        Assert.False(data.HasLabels);
        Assert.Equal([0.5f, -7f], data.Targets.ToArray());
    }

    [Fact]
    public void Numbers_become_classes_by_value_when_asked()
    {
        Dataset data = Load("1,10\n2,9\n3,10\n", new() { TargetKind = CsvTarget.Classes });
        Assert.Equal(["9", "10"], data.ClassNames!);
        Assert.Equal([1, 0, 1], data.Labels.ToArray());
    }

    [Fact]
    public void Header_is_found_and_names_the_target()
    {
        const string Text = "kind,a,b\nx,1,2\ny,3,4\n";
        Dataset data = Load(Text, new() { Target = "kind" });
        Assert.Equal([1f, 2f, 3f, 4f], data.Inputs.ToArray());
        Assert.Equal(["x", "y"], data.ClassNames!);
        Assert.Equal(data.Inputs.ToArray(), Load(Text, new() { Target = 0 }).Inputs.ToArray());
        Assert.Equal(data.Inputs.ToArray(), Load(Text, new() { Target = -3, Header = CsvHeader.Yes }).Inputs.ToArray());
        Assert.Equal(2, Load("1,2\n3,4\n5,6\n", new() { Header = CsvHeader.Yes }).Count);
        Assert.Equal(3, Load("1,2\n3,4\n5,6\n", new() { Header = CsvHeader.No }).Count);
    }

    [Fact]
    public void Classes_can_be_taken_from_the_training_file()
    {
        Dataset data = Load("1,b\n2,a\n", new() { ClassNames = ["a", "b", "c"] });
        Assert.Equal([1, 0], data.Labels.ToArray());
        Assert.Equal(3, data.ClassCount);
        Assert.Contains("line 2, column 2: 'd' is not one of the classes a, b, c",
            Fails("1,b\n2,d\n", new() { ClassNames = ["a", "b", "c"] }));
        Assert.Equal([1, 0], Load("1,7\n2,3\n", new() { ClassNames = ["3", "7"] }).Labels.ToArray());
        Assert.Throws<ArgumentException>(() => Load("1,a\n", new() { ClassNames = ["a", "a"] }));
    }

    [Fact]
    public void Quotes_blank_lines_comments_spaces_and_other_separators_are_understood()
    {
        Assert.Equal(["a,\"b\"", "c"], Load("# the last column; is the class\n1, 2 ,\"a,\"\"b\"\"\"\r\n\r\n3,4,c\r\n").ClassNames!);
        Assert.Equal([1.5f, 2f], Load("1.5;2;x\n").Inputs.ToArray());
        Assert.Equal([1.5f, 2f], Load("1.5\t2\tx").Inputs.ToArray());
        Assert.Equal([1f, 2f], Load("1:2:x", new() { Separator = ':' }).Inputs.ToArray());
        Assert.Equal(["#1"], Load("#1,5\n", new() { Comment = null, Target = 0 }).ClassNames!);
    }

    [Fact]
    public void Culture_of_the_machine_does_not_matter()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (commas.NumberFormat.NumberDecimalSeparator, commas.NumberFormat.NegativeSign) = (",", "−");
        CultureInfo.CurrentCulture = commas;
        try
        {
            Assert.Equal([-1.5f], Load("-1.5,x\n").Inputs.ToArray());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Errors_name_source_line_column_and_text()
    {
        Assert.Contains("test.csv, line 3, column 2: 'two' is not a finite number", Fails("# note\n1,2,x\n3,two,y\n"));
        Assert.Contains("line 3, column 1 ('a'): '1.2.3' is", Fails("a,b,c\n1,2,x\n1.2.3,4,y\n"));
        Assert.EndsWith(
            "line 1, column 2: 'one' is not a finite number; CsvOptions.Ignore leaves columns out.", Fails("1,one,x\n"));
        Assert.Contains("line 2, column 1: the field is empty", Fails("1,x\n,y\n"));
        Assert.Contains("line 2, column 2: the field is empty", Fails("1,x\n2,\n"));
        Assert.Contains("'NaN' is not a finite", Fails("1,x\nNaN,y\n"));
        Assert.Contains("'1e99' is not a finite", Fails("1,x\n1e99,y\n"));
        Assert.Contains("line 2: 3 fields; the first line has 2", Fails("1,x\n2,3,y\n"));
        Assert.Contains("line 2: 1 fields", Fails("1,x\n2\n"));
        Assert.Contains("line 2, column 2: 'y' is not a finite number", Fails("1,2\n2,y\n", new() { TargetKind = CsvTarget.Values }));
        Assert.Contains("one column", Fails("1\n2\n"));
        Assert.Contains("is empty", Fails(""));
        Assert.Contains("no data", Fails("a,b\n"));
        Assert.Contains("line 2", Fails("1,x\n2,\"y\n"));
    }

    [Fact]
    public void Target_columns_that_are_not_there_are_refused()
    {
        Assert.Contains("no column 'z'; it has a, b", Refused("a,b\n1,2\n", new() { Target = "z" }));
        Assert.Contains("several columns 'b'", Refused("a,b,b\n1,2,3\n", new() { Target = "b" }));
        Assert.Contains("between -2 and 1", Refused("1,2\n", new() { Target = 2 }));
        Assert.Contains("between -2 and 1", Refused("1,2\n", new() { Target = -3 }));
        Assert.Contains("without a header", Refused("1,2\n", new() { Target = "a", Header = CsvHeader.No }));

        static string Refused(string text, CsvOptions options) => Assert.Throws<ArgumentException>(() => Load(text, options)).Message;
    }

    [Theory, InlineData("date,open,ret\n2020-01-01,3,4\n,5,6\n"), InlineData("open,date,ret\n3,,4\n5,x,6\n")]
    public void Ignored_columns_may_hold_anything(string text)
    {
        Dataset data = Load(text, new() { Ignore = ["date"] });
        Assert.Equal([3f, 5f], data.Inputs.ToArray());
        Assert.Equal([4f, 6f], data.Targets.ToArray());
    }

    [Fact]
    public void Ignored_columns_have_positions_and_hide_no_header()
    {
        Dataset data = Load("1,x,3,a\n2,y,5,b\n", new() { Ignore = [-3, 0] });
        Assert.Equal([3f, 5f], data.Inputs.ToArray());
        Assert.Equal(["a", "b"], data.ClassNames!);
        Assert.Equal([3f, 5f], Load("1,open,ret\n2,3,4\n2,5,6\n", new() { Ignore = [0] }).Inputs.ToArray());
    }

    [Fact]
    public void Ignored_columns_leave_a_target_and_an_input()
    {
        Assert.Equal("test.csv has no column 'z'; it has a, b.", Refused("a,b\n1,2\n", new() { Ignore = ["z"] }));
        Assert.Equal(
            "test.csv has 2 columns; the ignored column 2 must lie between -2 and 1.", Refused("1,2\n", new() { Ignore = [2] }));
        Assert.Equal("test.csv: column 2 ('b') is the target, and ignored.", Refused("a,b\n1,2\n", new() { Ignore = ["b"] }));
        Assert.Equal(
            "test.csv: all columns but the target are ignored; an input column is needed.", Refused("a,b\n1,2\n", new() { Ignore = ["a"] }));

        static string Refused(string text, CsvOptions options) => Assert.Throws<ArgumentException>(() => Load(text, options)).Message;
    }

    [Fact]
    public void Files_are_loaded_by_path()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["data.csv"], "\uFEFFname,value\nü,1\nä,2\n");
        Assert.Equal(["ü", "ä"], Csv.Load(directory["data.csv"], "name").ClassNames!);
        Assert.Equal(["ü", "ä"], Csv.Load(directory["data.csv"], target: 0).ClassNames!);
        Assert.Contains(directory["data.csv"], Assert.Throws<InvalidDataException>(() => Csv.Load(directory["data.csv"])).Message);
        Assert.Contains(directory["none.csv"], Assert.Throws<FileNotFoundException>(() => Csv.Load(directory["none.csv"])).Message);
    }

    private static Dataset Load(string text, CsvOptions? options = null) => Csv.Load(new StringReader(text), options, "test.csv");

    private static string Fails(string text, CsvOptions? options = null)
    {
        string message = Assert.Throws<InvalidDataException>(() => Load(text, options)).Message;
        Assert.StartsWith("test.csv", message);
        return message;
    }
}
