import Annotations
import Foundation
import PoseCore
import Testing

@Suite struct `Annotation forms` {
  @Test func `of YOLO go without pictures that cannot be read, and bad rows only if that is asked for`()
    throws
  {
    let folder = try Folder()
    try folder.write(
      "in/data.yaml", "train: images\nkpt_shape: [1, 3]\nkpt_names: [nose]\nnames: [dog]\n")
    for name in ["a", "b"] { try folder.picture("in/images/\(name).png", width: 40, height: 20) }
    try folder.write("in/images/c.png", "no picture")
    try folder.write("in/images/d.png", "")
    for name in ["a", "c"] { try folder.write("in/labels/\(name).txt", "0 0.5 0.5 0.5 0.5 0.25 0.5 2\n") }
    func losses(_ output: String, skipsBadRows: Bool = false) throws -> [String] {
      try folder.convert("in", output) { $0.skipsBadRows = skipsBadRows }.map {
        $0.replacing(folder.path + "/", with: "")
      }
    }
    let unreadable = [
      "left out with its labels: in/images/c.png: not a picture: the content is neither JPEG nor PNG: 1",
      "left out with its labels: in/images/d.png: the file is empty (0 bytes): 1",
    ]
    #expect(try losses("out.json") == unreadable)
    let set = try folder.sets("out.json")[0].set
    #expect(set.images.map(\.name) == ["a.png", "b.png"] && set.objectCount == 1)

    try folder.write("in/labels/b.txt", "0 0.5 0.5 0.5 0.5 0.25 0.5 2\n0 0.5 0.5\n")
    #expect(
      folder.message("in", "other.json").hasPrefix(
        """
        in/labels/b.txt:2:1: error: the row has 3 columns, but 8 are wanted: class, box x, y, width, height, and x, y \
        and visibility of 1 keypoint
        """))
    #expect(
      try losses("third.json", skipsBadRows: true) == ["label rows left out that cannot be right: 1"]
        + unreadable)
    #expect(try folder.sets("third.json")[0].set.objectCount == 2)

    for name in ["a", "b"] { try folder.write("in/images/\(name).png", "no picture") }
    #expect(
      folder.message("in", "none.json").hasPrefix(
        "in/images: error: none of 4 pictures can be read; the first one: "))
  }

  @Test func `of COCO number images by their names, as results of a validation do, where all have a number`()
    throws
  {
    let folder = try Folder()
    try folder.write("in/data.yaml", "train: images\nkpt_shape: [1, 3]\nkpt_names: [nose]\nnames: [dog]\n")
    for name in ["000012", "7"] { try folder.picture("in/images/\(name).png", width: 40, height: 20) }
    _ = try folder.convert("in", "out.json")
    #expect(try folder.sets("out.json")[0].set.images.map(\.id) == [12, 7])
    try folder.picture("in/images/b.png", width: 40, height: 20)
    _ = try folder.convert("in", "other.json")
    #expect(try folder.sets("other.json")[0].set.images.map(\.id) == [1, 2, 3])
  }

  @Test func `of Labelme join points to the rectangles of their group`() throws {
    let folder = try Folder()
    try folder.write(
      "shots/one.json",
      """
      {"version": "5.4.1", "flags": {}, "imagePath": "..\\\\photos\\\\one.jpeg", "imageData": null,
       "imageHeight": 50, "imageWidth": 80, "shapes": [
        {"label": "dog", "points": [[40.5, 30], [10, 5]], "group_id": 3, "shape_type": "rectangle", "flags": {}},
        {"label": "tail", "points": [[12, 28.25]], "group_id": 3, "shape_type": "point", "flags": {"occluded": true}},
        {"label": "dog", "points": [[50, 10], [70, 40]], "group_id": null, "shape_type": "rectangle", "flags": {}},
        {"label": "nose", "points": [[38, 8]], "group_id": 3, "shape_type": "point", "flags": {}},
        {"label": "nose", "points": [[60, 20]], "group_id": null, "shape_type": "point", "flags": {}},
        {"label": "nose", "points": [[1, 1]], "group_id": null, "shape_type": "point", "flags": {}},
        {"label": "grass", "points": [[0, 0], [5, 0], [5, 5]], "group_id": null, "shape_type": "polygon", "flags": {}}
       ]}
      """)
    let losses = try folder.convert("shots", "out.json")
    #expect(
      losses == [
        "shapes of the kind 'polygon' left out: 1",
        "points without a group, which went to the smallest rectangle around them: 1",
        "points without a group or a rectangle around them left out: 1",
      ])
    let set = try folder.sets("out.json")[0].set
    #expect(set.categories.map(\.keypointNames) == [["tail", "nose"]])
    #expect(set.images.map(\.name) == ["one.jpeg"] && set.images[0].width == 80)
    let objects = set.images[0].objects
    #expect(objects[0].box == AnnotationBox(left: 10, top: 5, width: 30.5, height: 25))
    #expect(
      objects[0].keypoints == [
        AnnotationPoint(x: 12, y: 28.25, visibility: .hidden),
        AnnotationPoint(x: 38, y: 8, visibility: .visible),
      ])
    #expect(objects[1].keypoints.map(\.visibility) == [.unlabelled, .visible])
    // The order can be given.
    try folder.convert("shots", "ordered.json") { $0.keypointNames = ["nose", "ear", "tail"] }
    let ordered = try folder.sets("ordered.json")[0].set
    #expect(ordered.categories[0].keypointNames == ["nose", "ear", "tail"])
    #expect(ordered.images[0].objects[0].keypoints.map(\.x) == [38, 0, 12])
  }

  @Test func `of CVAT are read as its own export writes them`() throws {
    let folder = try Folder()
    try folder.write(
      "annotations.xml",
      """
      <?xml version="1.0" encoding="utf-8"?>
      <annotations><version>1.1</version><meta><task><id>7</id><name>dogs</name><labels>
        <label><name>dog</name><color>#33ddff</color><type>skeleton</type><attributes></attributes>
          <svg>&lt;line x1="1" y1="1" x2="2" y2="2" data-type="edge" data-node-from="2" data-node-to="1"&gt;&lt;/line&gt;&lt;circle
          data-node-id="1" data-label-id="12"&gt;&lt;/circle&gt;&lt;circle data-node-id="2" data-label-id="13"&gt;&lt;/circle&gt;</svg></label>
        <label><name>nose</name><type>points</type><parent>dog</parent></label>
        <label><name>tail</name><type>points</type><parent>dog</parent></label>
        <label><name>bowl</name><type>rectangle</type></label>
      </labels></task></meta>
      <image id="0" name="sub/a.jpg" width="100" height="60">
        <skeleton label="dog" source="manual" occluded="0" z_order="0">
          <points label="tail" source="manual" outside="0" occluded="1" points="20.50,30.25"></points>
          <points label="nose" source="manual" outside="1" occluded="0" points="9.00,8.00"></points>
        </skeleton>
        <box label="bowl" source="manual" occluded="0" xtl="70.00" ytl="40.00" xbr="90.00" ybr="55.00" z_order="0">
          <attribute name="colour">red</attribute></box>
        <polygon label="bowl" points="1,1;2,2;3,1"></polygon>
      </image>
      <image id="1" name="b.jpg" width="10" height="20"></image></annotations>
      """)
    let losses = try folder.convert("annotations.xml", "out.json")
    #expect(
      losses == [
        "attributes 'colour' left out: 1", "shapes of the kind 'polygon' left out: 1",
        "objects without a box, which got the extent of their keypoints: 1",
      ])
    let set = try folder.sets("out.json")[0].set
    #expect(set.categories.map(\.name) == ["dog", "bowl"])
    #expect(set.categories[0].keypointNames == ["nose", "tail"])
    #expect(set.categories[0].limbs == [AnnotationCategory.Limb(1, 0)])
    #expect(set.images.map(\.name) == ["sub/a.jpg", "b.jpg"] && set.images[1].objects.isEmpty)
    let dog = set.images[0].objects[0]
    #expect(
      dog.keypoints == [
        AnnotationPoint(x: 9, y: 8, visibility: .unlabelled),
        AnnotationPoint(x: 20.5, y: 30.25, visibility: .hidden),
      ])
    #expect(set.images[0].objects[1].box == AnnotationBox(left: 70, top: 40, width: 20, height: 15))
  }

  @Test func `of YOLO text say what they cannot hold`() throws {
    let folder = try Folder()
    try folder.write(
      "in.json",
      """
      {"images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 50}],
       "categories": [{"id": 1, "name": "dog", "keypoints": ["nose"]}],
       "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 1, "area": 50, "bbox": [0, 0, 10, 5], "keypoints": [1, 1, 2]},
        {"id": 2, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 20, "bbox": [90, 0, 20, 5], "keypoints": [101, 1, 2]},
        {"id": 3, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 0, "bbox": [5, 5, 0, 5]}]}
      """)
    let losses = try folder.convert("in.json", "out") { $0.format = .yolo }
    #expect(
      losses == [
        "crowds left out, which the form cannot tell from single objects: 1",
        "areas that are not those of the boxes left out: 1", "boxes cut at the picture's edge: 1",
        "keypoints outside of the picture moved to its edge: 1", "objects with an empty box left out: 1",
        "pictures that were not found: 1",
      ])
    #expect(try folder.text("out/labels/train/a.txt") == "0 0.95 0.05 0.1 0.1 1 0.02 2\n")
  }

  @Test func `are told by names and contents`() throws {
    let folder = try Folder()
    try folder.write("a.txt", "0 0.5")
    try folder.write("empty/readme.md", "nothing")
    #expect(folder.message("a.txt").hasPrefix("a.txt: error: is no known form; there are"))
    #expect(
      folder.message("empty")
        == "empty: error: holds neither data.yaml nor annotations.xml nor JSON files of Labelme")
    #expect(folder.message("none.json") == "none.json: error: there is no such file or folder")
    #expect(folder.message("a.txt", "out").contains("cannot tell the form to write by this name"))
    try folder.write("out.json", "{}")
    try folder.write("in.json", "{\"images\": [], \"annotations\": [], \"categories\": []}")
    #expect(folder.message("in.json") == "out.json: error: is there already; take another name")
    #expect(try folder.text("out.json") == "{}")
  }
}
