"""Writes one table in many formats, and columns of all types as Parquet and Arrow have them. python3 make.py, with pandas 3.0, pyarrow 25.0
and openpyxl 3.1; the files differ in their bytes by the versions of these, and not in what they hold."""
import datetime
import decimal
import gzip
import json
import os
import sqlite3

import openpyxl
import pandas
import pyarrow
import pyarrow.feather
import pyarrow.parquet

os.chdir(os.path.dirname(os.path.abspath(__file__)))

ROWS = 60
cities = ["Zürich", "Lyon", "Málaga", "Århus"]
rows = []
for i in range(ROWS):
    rows.append(
        {
            "size": round(1.25 + (i * 37 % 101) / 8 - (i % 7) * 0.1, 3),
            "count": None if i % 11 == 3 else (i * 7919) % 1009,
            "city": None if i % 13 == 5 else cities[(i * i + i // 3) % 4],
            "open": None if i % 17 == 2 else (i * 5 + i // 4) % 3 == 0,
            "since": None if i % 9 == 4 else datetime.date(2001, 1, 31) + datetime.timedelta(days=i * 97 % 2000),
            "ripe": "süß" if (i * 37 % 101) / 8 + (i % 3) > 7 else "grün",
        }
    )
frame = pandas.DataFrame(
    {
        "size": pandas.Series([row["size"] for row in rows], dtype="float64"),
        "count": pandas.Series([row["count"] for row in rows], dtype="Int64"),
        "city": pandas.Series([row["city"] for row in rows], dtype="object"),
        "open": pandas.Series([row["open"] for row in rows], dtype="boolean"),
        "since": pandas.Series([row["since"] for row in rows], dtype="object"),
        "ripe": pandas.Series([row["ripe"] for row in rows], dtype="object"),
    }
)


def write(name, content, encoding="utf-8"):
    with open(name, "wb") as file:
        file.write(content.encode(encoding))


text = frame.to_csv(index=False)
write("table.csv", text)
write("table-semicolons.csv", frame.to_csv(index=False, sep=";", decimal=","))
write("table.tsv", frame.to_csv(index=False, sep="\t"))
write("table-utf16.csv", text, "utf-16")
write("table-windows-1252.csv", text, "windows-1252")
with gzip.GzipFile("table.csv.gz", "wb", mtime=0) as file:
    file.write(text.encode())
plain = [{name: str(cell) if isinstance(cell, datetime.date) else cell for name, cell in row.items()} for row in rows]
write("table.json", json.dumps(plain, ensure_ascii=False))
write("table.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in plain))

table = pyarrow.Table.from_pandas(frame, preserve_index=False)
categories = table.set_column(2, "city", table["city"].dictionary_encode())
for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    pyarrow.parquet.write_table(table, f"table-{codec}.parquet", compression=codec, row_group_size=25)
pyarrow.parquet.write_table(
    categories, "table-pages-2.parquet", data_page_version="2.0", compression="snappy", use_dictionary=["city"],
    column_encoding={"count": "DELTA_BINARY_PACKED", "size": "BYTE_STREAM_SPLIT", "ripe": "DELTA_BYTE_ARRAY"},
)
for codec in ["uncompressed", "lz4", "zstd"]:
    pyarrow.feather.write_feather(categories, f"table-{codec}.feather", compression=codec, chunksize=25)
with pyarrow.ipc.new_stream("table.arrows", table.schema) as stream:
    stream.write_table(table, max_chunksize=25)

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Obst"
sheet.append(list(frame.columns))
for row in rows:
    sheet.append(list(row.values()))
book.create_sheet("other").append(["nothing"])
book.save("table.xlsx")

if os.path.exists("table.sqlite"):
    os.remove("table.sqlite")
base = sqlite3.connect("table.sqlite")
base.execute('CREATE TABLE fruit (size REAL, count INTEGER, city TEXT, open BOOLEAN, since DATE, ripe TEXT)')
base.executemany("INSERT INTO fruit VALUES (?, ?, ?, ?, ?, ?)", [list(row.values()) for row in plain])
base.commit()
base.close()

# Columns of all types, with a missing cell each.
types = pyarrow.table(
    {
        "int8": pyarrow.array([-128, None, 127], pyarrow.int8()),
        "uint32": pyarrow.array([4294967295, None, 1], pyarrow.uint32()),
        "int64": pyarrow.array([9007199254740991, None, -5], pyarrow.int64()),
        "beyond": pyarrow.array([9007199254740993, None, -5], pyarrow.int64()),
        "uint64": pyarrow.array([18446744073709551615, None, 1], pyarrow.uint64()),
        "float": pyarrow.array([0.1, None, 2.5], pyarrow.float32()),
        "double": pyarrow.array([0.1, None, float("nan")], pyarrow.float64()),
        "boolean": pyarrow.array([True, None, False]),
        "text": pyarrow.array(["süß", None, ""]),
        "category": pyarrow.array(["b", None, "a"]).dictionary_encode(),
        "day": pyarrow.array([datetime.date(1969, 12, 31), None, datetime.date(2000, 2, 29)]),
        "seconds": pyarrow.array([949314030, None, -1], pyarrow.timestamp("s")),
        "milliseconds": pyarrow.array([949314030123, None, -1], pyarrow.timestamp("ms")),
        "microseconds": pyarrow.array([949314030123456, None, -1], pyarrow.timestamp("us", tz="Europe/Berlin")),
        "nanoseconds": pyarrow.array([949314030123456789, None, -1], pyarrow.timestamp("ns")),
        "time": pyarrow.array([datetime.time(1, 2, 3, 500000), None, datetime.time(0, 0, 1)], pyarrow.time64("us")),
        "decimal": pyarrow.array([decimal.Decimal("1234.10"), None, decimal.Decimal("-0.30")], pyarrow.decimal128(12, 2)),
        "list": pyarrow.array([[1, 2], None, []], pyarrow.list_(pyarrow.int32())),
        "struct": pyarrow.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}]),
        "bytes": pyarrow.array([b"\xff\x00", None, b"\x01"], pyarrow.binary()),
        "nothing": pyarrow.nulls(3),
    }
)
pyarrow.parquet.write_table(types, "types.parquet", compression="none")
pyarrow.feather.write_feather(types, "types.feather", compression="uncompressed")

# A sheet as people make them: a title, two rows of names with merged cells, a formula, a blank row, an error, times, dates of 1904.
book = openpyxl.Workbook()
book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
sheet = book.active
sheet["B2"] = "Sales of 2024"
for place, value in {"B4": "City", "C4": "Sales", "E4": "Opened", "C5": "2023", "D5": "2024"}.items():
    sheet[place] = value
sheet.merge_cells("B4:B5")
sheet.merge_cells("C4:D4")
sheet.merge_cells("E4:E5")
for place, value in {
    "B6": "Lyon", "C6": 1.5, "D6": 7, "E6": datetime.datetime(2000, 1, 31),
    "B7": "Zürich", "C7": "=C6*2", "D7": "#N/A", "E7": datetime.datetime(1999, 12, 31, 6, 30),
    "B9": "Århus & <Oslo>", "C9": 0.1, "D9": 1e300, "F9": datetime.time(12, 30),
}.items():
    sheet[place] = value
book.save("people.xlsx")

# A billion rows without a value, which are honest, and take a few KB.
writer = pyarrow.parquet.ParquetWriter(
    "billion.parquet", pyarrow.schema([("a", pyarrow.int8())]), compression="none", write_statistics=False,
    data_page_size=2**30, max_rows_per_page=2**30, write_batch_size=2**26,
)
for _ in range(20):
    writer.write_table(pyarrow.table({"a": pyarrow.nulls(50_000_000, pyarrow.int8())}), row_group_size=50_000_000)
writer.close()
